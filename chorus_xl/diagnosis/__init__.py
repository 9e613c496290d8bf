"""What this program rests on here: assumptions, the checks of ``doctor``, and the file left by a bug.

Rule 1: no secret, no request and no cell of a workbook is ever shown or written here.
Rule 2: whatever is broken, this package can still be imported: what it examines is imported when it is examined
        (``examination``), so that a crash can always be written down.
"""

from chorus_xl.diagnosis.about import assumptions, lines
from chorus_xl.diagnosis.crash import write_crash

__all__ = ["assumptions", "lines", "write_crash"]
