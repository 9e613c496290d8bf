"""Setting Excel up for this program, for one user, without an administrator; and taking that back.

Knows files, Excel's trusted locations and xlwings' configuration. Refuses to know what a workbook holds.

Rule 1: every change is noted in a receipt before it is made, with what stood there before.
Rule 2: undoing takes back what still is as it was left here, and nothing that somebody changed since.
Rule 3: a workbook is never overwritten, and only deleted while it is the one that was copied, to the byte.
Rule 4: registry and folders come in through ``Machine``, so that all of this is tested without Windows.
"""

from chorus_xl.install.doing import install, undo
from chorus_xl.install.machine import Machine, Registry, System, this_machine
from chorus_xl.install.workbook import shipped_workbook

__all__ = ["Machine", "Registry", "System", "install", "shipped_workbook", "this_machine", "undo"]
