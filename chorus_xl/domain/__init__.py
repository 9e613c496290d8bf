"""What an invoice, a budget, a finding, a status *is*: pure values and rules.

Rule 1: no file, network, clock, Excel or logging in this package.
Rule 2: nothing here imports another package of chorus-xl.
Rule 3: findings are data; nothing here raises because a clerk typed something odd.
"""
