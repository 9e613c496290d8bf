"""The boundary table of the categories, for Python and for the sheet."""

from chorus_xl.domain.obligations import Category

MICRO, SME, MID_CAP, LARGE = Category.MICRO, Category.SME, Category.MID_CAP, Category.LARGE

# headcount, turnover M€, balance M€ -> category; décret 2008-1354, art. 3
BOUNDARIES: list[tuple[float, float, float, Category]] = [
    (0, 0, 0, MICRO),
    (9.99, 2, 50, MICRO),
    (9, 50, 2, MICRO),
    (9, 2.01, 2.01, SME),
    (10, 1, 1, SME),
    (249, 50, 3000, SME),
    (249, 3000, 43, SME),
    (249.9, 50.01, 43.01, MID_CAP),
    (250, 1, 1, MID_CAP),
    (4999, 1500, 9000, MID_CAP),
    (4999, 9000, 2000, MID_CAP),
    (4999, 1500.01, 2000.01, LARGE),
    (5000, 1, 1, LARGE),
]
