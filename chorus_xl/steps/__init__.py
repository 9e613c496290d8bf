"""What the clerk does, one module a button: fill, validate, deposit, refresh.

Rule 1: a step sees the outside through ``ports.py`` alone; it imports no adapter.
Rule 2: a step reads the sheet once and writes it once, at its end.
Rule 3: a step returns a report; words and exit codes are the doors' business.
"""
