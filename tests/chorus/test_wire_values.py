"""Single values: what is written is read back, and what others write is read too."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, Inexact
from typing import Any

import pytest

from chorus_xl.chorus.wire import document, sent_name, values
from chorus_xl.domain.invoice import Document

Write = Callable[[Any], Any]
Read = Callable[[object], object]


at = datetime.fromisoformat


def as_text(value: Decimal) -> str:
    return values.encode(values.money(value))


BOTH_WAYS: list[tuple[Write, Read, object, str]] = [
    (values.day, values.calendar_day, date(2025, 10, 31), '"2025-10-31"'),
    (values.day, values.calendar_day, date(2024, 2, 29), '"2024-02-29"'),
    (values.money, values.amount, Decimal("0.00"), "0.00"),
    (values.money, values.amount, Decimal("0.30"), "0.30"),
    (values.money, values.amount, Decimal("1234567.10"), "1234567.10"),
    (values.money, values.amount, Decimal("-99999999999.99"), "-99999999999.99"),
    (int, values.identifier, 26000001, "26000001"),
    (str, values.text, "Régie de l'eau", '"Régie de l\'eau"'),
    (str, values.siret, "00000000000018", '"00000000000018"'),
]


@pytest.mark.parametrize(("write", "read", "value", "spelled"), BOTH_WAYS, ids=[case[3] for case in BOTH_WAYS])
def test_what_is_written_is_read_back(write: Write, read: Read, value: object, spelled: str) -> None:
    assert values.encode(write(value)) == spelled
    assert read(json.loads(spelled, parse_float=Decimal)) == value


LENIENT: list[tuple[Read, object, object]] = [
    (values.calendar_day, "2025-11-03T17:55:10.120+01:00", date(2025, 11, 3)),
    (values.calendar_day, "2025-10-30T23:00:00.000Z", date(2025, 10, 31)),
    (values.calendar_day, "2025-11-05 09:14", date(2025, 11, 5)),
    (values.moment, "2025-03-27T11:12:24.777+01:00", at("2025-03-27T11:12:24.777")),
    (values.moment, "2025-07-01T08:00:00+0000", at("2025-07-01T10:00")),
    (values.moment, "2025-11-05 09:14", at("2025-11-05T09:14")),
    (values.moment, "2025-11-05", at("2025-11-05")),
    (values.moment, "hier", None),
    (values.moment, "0001-01-01T00:00:00+14:00", None),
    (values.moment, 1730678400000, None),
    (values.moment, None, None),
    (values.amount, 120, Decimal("120.00")),
    (values.amount, Decimal("120.0"), Decimal("120.00")),
    (values.amount, Decimal("120.005"), Decimal("120.005")),
    (values.amount, "120.10", Decimal("120.10")),
    (values.amount, "cent", None),
    (values.amount, "NaN", None),
    (values.amount, Decimal("1E+400"), None),
    (values.amount, True, None),
    (values.amount, None, None),
    (values.identifier, "26000001", 26000001),
    (values.identifier, Decimal(7), 7),
    (values.identifier, 0, None),
    (values.identifier, True, None),
    (values.identifier, "²", None),
    (values.identifier, "7a", None),
    (values.identifier, "7" * 5000, None),
    (values.integer, "-3", -3),
    (values.siret, 18, "00000000000018"),
    (values.siret, "18", "00000000000018"),
    (values.siret, "UE_HORS_FRANCE_1", "UE_HORS_FRANCE_1"),
    (values.siret, None, ""),
    (values.text, 20250042, "20250042"),
    (values.text, "  DEPOSEE ", "DEPOSEE"),
    (values.text, ["x"], ""),
    (values.flag, "true", None),
    (values.flag, False, False),
]


@pytest.mark.parametrize(
    ("read", "spelled", "value"), LENIENT, ids=[f"{read.__name__} {spelled!r:.40}" for read, spelled, _ in LENIENT]
)
def test_other_spellings_are_read(read: Read, spelled: object, value: object) -> None:
    assert read(spelled) == value
    assert type(read(spelled)) is type(value)


def test_a_sum_of_cents_has_no_float_noise() -> None:
    total = Decimal("0.10") + Decimal("0.20")

    assert as_text(total) == "0.30"


def test_a_third_decimal_is_not_rounded_away() -> None:
    with pytest.raises(Inexact):
        values.money(Decimal("1.005"))


@pytest.mark.parametrize(
    ("rate", "spelled"), [("20", "20"), ("20.00", "20"), ("5.50", "5.5"), ("0", "0"), ("100", "100"), ("2.10", "2.1")]
)
def test_a_rate_has_no_idle_zeros(rate: str, spelled: str) -> None:
    assert values.encode(values.percent(Decimal(rate))) == spelled


def test_encoding_agrees_with_the_standard_reader() -> None:
    items: list[values.Json] = ["\u2028", 1, True, Decimal("0.10"), {}]
    value: values.JsonObject = {'a\n"é': items, "b": []}

    assert json.loads(values.encode(value), parse_float=Decimal) == value


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("facture.pdf", "facture.pdf"),
        ("x" * 46 + ".pdf", "x" * 46 + ".pdf"),
        ("x" * 47 + ".pdf", "x" * 46 + ".pdf"),
        ("é" * 80, "é" * 50),
    ],
)
def test_a_name_is_shortened_to_what_the_platform_takes(name: str, sent: str) -> None:
    assert sent_name(name) == sent


@pytest.mark.parametrize(
    ("name", "extension", "media_type"),
    [
        ("a.pdf", "PDF", "application/pdf"),
        ("Bon de commande.XLSX", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("plan.p7s", "P7S", "application/octet-stream"),
    ],
)
def test_a_file_says_what_it_is(name: str, extension: str, media_type: str) -> None:
    request = document(Document(name, b"\xfb\xff", ""))

    assert request == {
        "pieceJointeFichier": "+/8=",
        "pieceJointeNom": name,
        "pieceJointeTypeMime": media_type,
        "pieceJointeExtension": extension,
    }
