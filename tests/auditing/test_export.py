"""The auditor's export: every line, every cell what it is, nothing that a spreadsheet would run."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_xl.auditing.export import LONGEST, clean, write
from chorus_xl.auditing.rows import headers, row_of
from chorus_xl.domain.canonical import canonical
from chorus_xl.errors import ChorusXlError
from chorus_xl.journal.chain import Line
from chorus_xl.steps.edited import Change

AT = "2026-07-01T22:30:05.123456+00:00"


def line(details: dict[str, str] | None = None, **changes: str | int) -> Line:
    """One line of a journal; name what differs."""
    whole: dict[str, str | int] = {
        "sequence": 1,
        "at": AT,
        "environment": "production",
        "supplier_siret": "00000000000018",
        "invoice_number": "F-1",
        "attempt": 1,
        "event": "intend",
        "payload": canonical(details or {}),
        "user": "agnes",
        "machine": "PC-1",
        "previous_hash": "",
        "hash": "a" * 64,
    }
    return whole | changes


def cells(details: dict[str, str] | None = None, **changes: str | int) -> dict[str, object]:
    return dict(zip(headers(), row_of(line(details, **changes)), strict=True))


def read_csv(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_workbook(path: Path, sheet: str = "Journal") -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    heads = [str(cell.value) for cell in next(rows)]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_deposit_s_line_shows_the_row_as_it_left() -> None:
    shown = cells(
        {
            "issue_date": "2026-06-30",
            "recipient_siret": "20006905200096",
            "total_with_vat": "120.00",
            "pdf_file": "F-1.pdf",
            "pdf_sha256": "b" * 64,
        }
    )

    assert (shown["Ligne"], shown["Environnement"], shown["Fournisseur"]) == (1, "Production", "00000000000018")
    assert (shown["Événement"], shown["Événement (code)"]) == ("Intention de dépôt", "intend")
    assert shown["Date"] == datetime(2026, 6, 30, tzinfo=UTC).date()
    assert (shown["SIRET"], shown["Montant TTC"]) == ("20006905200096", Decimal("120.00"))
    assert (shown["Fichier PDF"], shown["Empreinte du PDF (SHA-256)"]) == ("F-1.pdf", "b" * 64)
    assert json.loads(str(shown["Contenu exact (JSON)"]))["total_with_vat"] == "120.00"


def test_a_moment_is_told_by_the_utc_of_the_line_and_by_the_clock_of_paris() -> None:
    shown = cells()

    assert shown["Le (UTC)"] == AT
    assert str(shown["Le (Paris)"])[:19] == "2026-07-02 00:30:05"


def test_a_status_is_told_raw_and_in_french() -> None:
    details = {"chorus_status": "MISE_EN_PAIEMENT", "status_since": "2026-07-01T10:00:00", "comment": ""}
    shown = cells(details, event="status")
    unknown = cells({"chorus_status": "TELEPORTEE"}, event="status")

    assert (shown["Statut Chorus (code)"], shown["Statut depuis le"].isoformat()) == (  # type: ignore[attr-defined]  # a moment, or the test fails
        "MISE_EN_PAIEMENT",
        "2026-07-01T10:00:00",
    )
    assert shown["Statut Chorus"]
    assert (unknown["Statut Chorus (code)"], unknown["Statut Chorus"]) == ("TELEPORTEE", None)


def test_an_answer_s_codes_stand_in_their_columns() -> None:
    shown = cells(
        {"http_status": "200", "return_code": "20013", "cause": "refused", "correlation_id": "c-1", "label": "Non"},
        event="refuse",
    )

    names = ("Code HTTP", "codeRetour", "Cause", "Identifiant d'échange", "Libellé de Chorus Pro")
    assert [shown[name] for name in names] == ["200", "20013", "refused", "c-1", "Non"]


@pytest.mark.parametrize(("attachments", "shown_there"), [("", None), ("834", 834), ("834;1200", "834;1200")], ids=str)
def test_a_file_that_left_is_told_with_its_size(attachments: str, shown_there: object) -> None:
    shown = cells({"pdf_file": "F-1.pdf", "pdf_size": "9999999", "attachments_size": attachments})

    assert (shown["Taille du PDF (octets)"], shown["Tailles des pièces (octets)"]) == (9_999_999, shown_there)


def test_a_line_written_before_sizes_were_kept_has_none() -> None:
    shown = cells({"pdf_file": "F-1.pdf", "pdf_sha256": "b" * 64})

    assert (shown["Taille du PDF (octets)"], shown["Tailles des pièces (octets)"]) == (None, None)


@pytest.mark.parametrize(
    ("act", "occasion", "told"),
    [
        ("recycle", "A_RECYCLER 2026-11-24T08:31:12.000", ("Recycler", "A_RECYCLER", "2026-11-24 08:31:12")),
        ("complete", "SUSPENDUE", ("Compléter", "SUSPENDUE", "None")),
        ("dance", "SUSPENDUE hier", ("dance", "SUSPENDUE hier", "None")),
    ],
    ids=str,
)
@pytest.mark.parametrize("event", ["act_intend", "act_accept"])
def test_an_act_is_told_with_what_it_answered(event: str, act: str, occasion: str, told: tuple[str, ...]) -> None:
    shown = cells({"act": act, "occasion": occasion, "act_attempt": "1", "comment": "voici"}, event=event)

    names = ("Geste", "Geste : statut qui le demandait", "Geste : ce statut depuis le")
    assert tuple(str(shown[name]) for name in names) == told
    assert (shown["Commentaire"], shown["Motif du destinataire"]) == ("voici", None)


@pytest.mark.parametrize("event", ["status", "passage"])
def test_the_buyer_s_reason_and_name_are_not_the_supplier_s_comment(event: str) -> None:
    shown = cells({"chorus_status": "SUSPENDUE", "comment": "Il manque le bon", "by": "Mme R."}, event=event)

    names = ("Commentaire", "Motif du destinataire", "Par (chez Chorus Pro)")
    assert [shown[name] for name in names] == [None, "Il manque le bon", "Mme R."]


@pytest.mark.parametrize("event", ["prepared", "released"])
def test_a_colleague_is_nobody_at_chorus_pro(event: str) -> None:
    assert cells({"by": "anne"}, event=event)["Par (chez Chorus Pro)"] is None


@pytest.mark.parametrize(
    "changes",
    [{"payload": "no JSON"}, {"payload": "[]"}, {"at": "yesterday"}, {"at": "0001-01-01T00:00:00+14:00"}],
    ids=str,
)
def test_a_bent_line_is_exported_as_it_stands(tmp_path: Path, changes: dict[str, str]) -> None:
    for ending in (".csv", ".xlsx"):
        assert write(tmp_path / f"journal{ending}", [line(None, **changes)]) == 1

    (row,) = read_csv(tmp_path / "journal.csv")
    assert (row["Contenu exact (JSON)"], row["Le (UTC)"]) == (changes.get("payload", "{}"), changes.get("at", AT))


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x";"y")', "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_text_counts_as_a_formula(tmp_path: Path, text: str) -> None:
    lines = [line({"comment": text}, invoice_number=text)]
    write(tmp_path / "journal.csv", lines)
    write(tmp_path / "journal.xlsx", lines)

    (row,) = read_csv(tmp_path / "journal.csv")
    (cells_there,) = read_workbook(tmp_path / "journal.xlsx")
    for name in ("N° facture", "Commentaire"):
        assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cells_there[name].data_type == "s"
        assert cells_there[name].value == clean(text)
        assert cells_there[name].quotePrefix or not clean(text).startswith(("=", "+", "-", "@", "\t"))


def test_numbers_and_days_stay_numbers_and_days(tmp_path: Path) -> None:
    lines = [line({"total_with_vat": "-1234.50", "issue_date": "2026-06-30"})]
    write(tmp_path / "journal.csv", lines)
    write(tmp_path / "journal.xlsx", lines)

    (row,) = read_csv(tmp_path / "journal.csv")
    (there,) = read_workbook(tmp_path / "journal.xlsx")
    assert (row["Montant TTC"], row["Date"], row["Le (Paris)"]) == ("-1234,50", "30/06/2026", "02/07/2026 00:30:05")
    assert (there["Montant TTC"].value, there["Date"].is_date, there["Le (Paris)"].is_date) == (-1234.5, True, True)


def test_a_csv_is_one_that_a_french_excel_opens(tmp_path: Path) -> None:
    write(tmp_path / "journal.csv", [line({"comment": 'un "mot" ; deux\nlignes'})])

    content = (tmp_path / "journal.csv").read_bytes()
    assert content.count(b"\r\n") == 2
    (row,) = read_csv(tmp_path / "journal.csv")
    assert row["Commentaire"] == 'un "mot" ; deux\nlignes'


@given(st.text(max_size=200))
def test_any_text_becomes_one_that_a_cell_holds(text: str) -> None:
    kept = clean(text)

    assert not any(ord(character) < 32 and character not in "\t\n" for character in kept)
    kept.encode("utf-8")


@pytest.mark.parametrize("character", ["x", "é", "\U0001f9fe"], ids=["ascii", "accent", "astral"])
@pytest.mark.parametrize("length", [LONGEST // 2, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(character: str, length: int) -> None:
    text = character * length
    units = len(text.encode("utf-16-le")) // 2

    kept = clean(text)

    assert len(kept.encode("utf-16-le")) // 2 <= LONGEST
    assert (kept == text) == (units <= LONGEST)
    if units > LONGEST:
        shown, _, mark = kept.partition("… [coupé : ")
        assert len(shown) + int(mark.split()[0]) == length


def test_what_was_edited_since_gets_a_sheet_of_its_own(tmp_path: Path) -> None:
    edits = [Change(7, "F-1", "comment", "=avant", "après")]
    write(tmp_path / "journal.xlsx", [line()], edits)

    (row,) = read_workbook(tmp_path / "journal.xlsx", "Modifiées depuis")
    assert {name: cell.value for name, cell in row.items()} == {
        "Ligne du classeur": 7,
        "N° facture": "F-1",
        "Colonne": "Commentaire",
        "Ce qui a été envoyé": "=avant",
        "Ce que dit le classeur": "après",
    }
    assert row["Ce qui a été envoyé"].data_type == "s"


@pytest.mark.parametrize(
    ("name", "edits", "expected"),
    [
        ("journal.pdf", None, "CX614"),
        ("journal.csv", (), "CX614"),
        ("there.xlsx", None, "CX611"),
        ("gone/journal.csv", None, "CX615"),
        ("gone/journal.xlsx", None, "CX615"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_and_left_alone(
    tmp_path: Path, name: str, edits: Sequence[Change] | None, expected: str
) -> None:
    (tmp_path / "there.xlsx").write_text("mine")

    with pytest.raises(ChorusXlError) as error:
        write(tmp_path / name, [line()], edits)

    assert error.value.code == expected
    assert [each.name for each in tmp_path.iterdir()] == ["there.xlsx"]
    assert (tmp_path / "there.xlsx").read_text() == "mine"


def test_a_journal_that_breaks_in_the_middle_leaves_no_half_export(tmp_path: Path) -> None:
    def broken() -> Iterator[Line]:
        yield line()
        raise ChorusXlError("CX513")

    for ending in (".csv", ".xlsx"):
        with pytest.raises(ChorusXlError):
            write(tmp_path / f"journal{ending}", broken())

    assert list(tmp_path.iterdir()) == []
