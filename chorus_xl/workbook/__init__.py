"""The clerk's workbook and the files it names: the adapters of the ports ``Workbook`` and ``Documents``.

Knows the xlsm container, Excel's tables and cells. Refuses to know what an invoice is, or why a cell is written.

Rule 1: a closed workbook is never loaded and saved whole: only the cells that change are edited, in the XML.
Rule 2: what cannot be read as it stands is refused with a code before anything is done.
"""
