"""The rehearsal: a sample month through all steps, to payment and proof, on the embedded stand-in, over real HTTP.

Rule 1: a rehearsal never leaves this machine: it forces its environment, whatever is set elsewhere.
Rule 2: the steps are those of the commands, one by one on the file, each with an office of its own; between two of them
        the clerk's own typing is done through the workbook, as a hand would.
Rule 3: each sample row says beforehand what must become of it; the story is judged against that.

``story`` plays it, ``words`` tells it, ``stand_in`` serves the platform alone on a port.
"""

from chorus_xl.rehearsal.stand_in import serve_stand_in
from chorus_xl.rehearsal.story import Story, make_workbook, rehearse
from chorus_xl.rehearsal.words import tell

__all__ = ["Story", "make_workbook", "rehearse", "serve_stand_in", "tell"]
