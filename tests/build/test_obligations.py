"""Which category, obliged since when."""

from datetime import date

import pytest

from chorus_xl.data import load
from chorus_xl.domain.obligations import Category, category, obligations
from chorus_xl.domain.parameters import PARAMETERS
from tests.build.boundaries import BOUNDARIES, LARGE, MICRO, MID_CAP, SME

KNOWN = obligations(load("obligations"))


@pytest.mark.parametrize(("headcount", "turnover", "balance", "expected"), BOUNDARIES)
def test_category_at_its_boundaries(headcount: float, turnover: float, balance: float, expected: Category) -> None:
    assert expected is category(headcount, turnover, balance, KNOWN).category


@pytest.mark.parametrize(
    ("which", "since", "platform"),
    [
        (LARGE, date(2017, 1, 1), date(2026, 9, 1)),
        (MID_CAP, date(2018, 1, 1), date(2026, 9, 1)),
        (SME, date(2019, 1, 1), date(2027, 9, 1)),
        (MICRO, date(2020, 1, 1), date(2027, 9, 1)),
    ],
)
def test_each_category_has_its_dates(which: Category, since: date, platform: date) -> None:
    found = next(one for one in KNOWN if one.category is which)

    assert (since, platform) == (found.obliged_since, found.approved_platform_since)


def test_the_calendar_says_the_same_as_the_dates() -> None:
    calendar = dict(load("obligations")["calendar"])
    years = calendar.pop("years")
    by_name = {one.name: one.obliged_since for one in KNOWN}

    assert {
        name: ["Obligatoire" if date(year, 1, 1) >= since else "Facultatif" for year in years]
        for name, since in by_name.items()
    } == calendar


def test_parameters_offer_these_categories() -> None:
    offered = next(parameter.choices for parameter in PARAMETERS if parameter.attribute == "company_category")

    assert [category.value for category in Category] == list(offered)
