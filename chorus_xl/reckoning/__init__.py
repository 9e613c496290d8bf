"""What the workbook's own formulas come to, reckoned without Excel, for readers who do not calculate.

Rule 1: a closed set: the functions, operators and references that our sheets use (``functions.KNOWN``, ``grammar``).
        Whatever else stands in a formula makes its value unknown, and an unknown value is left out, never guessed.
Rule 2: the text of the formula, as it stands in the workbook, is all there is: no second spelling in Python could drift
        from it. A test has LibreOffice reckon the same cells.
Rule 3: no formula of ours asks for today; one that does is outside the set, so that its value is left out.
Rule 4: nothing here knows files, tables of ours, or what a formula is for; cells come through ``evaluate.Source``.
"""
