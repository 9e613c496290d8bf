"""What a proof holds, for which invoices, and what it says of what is not there."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from chorus_xl.domain.acts import Act, ActEvent
from chorus_xl.domain.invoice import Document, Passage
from chorus_xl.domain.names import Names
from chorus_xl.domain.proof import Period
from chorus_xl.errors import JournalError, SetupError, UsageError, WorkbookError
from chorus_xl.journal.store import open_journal
from chorus_xl.messages.told import Sign
from chorus_xl.proof import ProofBinder, verify
from chorus_xl.proof.sheet import LONGEST, held
from chorus_xl.proof.texts import read_csv
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.prove import prove
from tests.bench import EAU, PRINCIPAL, SUPPLIER, Fused, row, write_pdf
from tests.proof.conftest import LAWS, Month, deposited

WHERE = ("SIRET destinataire", "Code service", "N° engagement")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def totals(proof: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads((proof / "totaux.json").read_text("utf-8"))
    return document


def table(proof: Path, name: str) -> list[dict[str, str]]:
    header, *rows = read_csv((proof / name).read_bytes())
    return [dict(zip(header, line, strict=True)) for line in rows]


def cover(proof: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(proof / "00-Couverture.pdf").pages)


def codes(report: Report) -> set[str]:
    return {each.code for each in (*report.notices, *(one for line in report.rows for one in line.findings))}


def everything(proof: Path) -> dict[str, bytes]:
    files = (path for path in proof.rglob("*") if path.is_file())
    return {path.relative_to(proof).as_posix(): path.read_bytes() for path in files}


def lines_told(path: Path, sign: Sign) -> list[str]:
    return [line.code for line in verify(path, LAWS).told if line.sign is sign]


# What is in it


def test_the_control_totals_are_those_of_the_month(proof: Path) -> None:
    told = totals(proof)

    assert {name: (each["count"], each["total_with_vat"]) for name, each in told["totals"].items()} == {
        "sheet": (5, "480.00"),
        "unpresented": (1, "120.00"),
        "prepared": (4, "360.00"),
        "not_sent": (0, "0.00"),
        "sent": (4, "360.00"),
        "accepted": (2, "120.00"),
        "refused": (1, "120.00"),
        "in_doubt": (1, "120.00"),
        "contradicted": (0, "0.00"),
    }
    assert told["hold"] is True


def test_each_file_that_was_sent_is_there_with_the_hash_that_was_noted(played: tuple[Month, Path]) -> None:
    month, proof = played
    sent = {"factures/F-1/F-1.pdf": "F-1.pdf", "factures/F-3/F-3.pdf": "F-3.pdf", "factures/F-2/F-2.pdf": "F-2.pdf"}
    for line in table(proof, "index.csv"):
        assert (
            hashlib.sha256((proof / line["Emplacement du PDF"]).read_bytes()).hexdigest()
            == (line["Empreinte SHA-256 du PDF"])
        )
    assert {name: (proof / name).read_bytes() for name in sent} == {
        name: (month.bench.folder / source).read_bytes() for name, source in sent.items()
    }


def test_a_number_that_is_no_file_name_gets_a_folder_that_every_system_holds(proof: Path) -> None:
    [line] = [line for line in table(proof, "index.csv") if line["N° facture"] == "A/4+b"]

    assert line["Emplacement de la facture"] == "factures/A_4_b-f2ab20"
    assert (proof / line["Emplacement du PDF"]).name == "avoir.pdf"
    assert line["Montant TTC (avoirs déduits)"] == "-120,00"
    assert line["Autres fichiers (emplacement, empreinte)"].startswith("factures/A_4_b-f2ab20/bon.pdf ")


def test_request_and_answer_of_each_call_are_there_as_they_were(proof: Path) -> None:
    accepted = json.loads((proof / "factures/F-1/depot.json").read_text("utf-8"))
    refused = json.loads((proof / "factures/F-2/depot.json").read_text("utf-8"))
    lost = json.loads((proof / "factures/F-3/depot.json").read_text("utf-8"))

    def exchange(document: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(line for line in document["lines"] if line["event"] == "exchange")["details"]
        return found

    assert exchange(accepted)["request"]["numeroFactureSaisi"] == "F-1"
    assert exchange(accepted)["answer"]["codeRetour"] == 0
    assert exchange(refused)["answer"]["codeRetour"] == 90012
    assert "answer" not in exchange(lost)
    assert [document["ending"] for document in (accepted, refused, lost)] == ["accepted", "refused", "in_doubt"]


def test_the_history_has_each_status_with_both_clocks(proof: Path) -> None:
    history = table(proof, "factures/F-1/historique.csv")

    assert {"accept", "status", "passage"} <= {line["Événement (code)"] for line in history}
    assert {line["Reçu le (UTC)"][:16] for line in history} == {"2026-11-23T09:00", "2026-11-23T09:10"}
    assert {line["Reçu le (Paris)"][:16] for line in history} == {"23/11/2026 10:00", "23/11/2026 10:10"}
    assert any(line["Horloge de Chorus Pro (Paris)"] for line in history)
    assert {"DEPOSEE"} < {line["Statut (code)"] for line in history}


def test_no_secret_and_no_body_of_an_upload_is_in_it(proof: Path) -> None:
    files = everything(proof)
    whole = b"\n".join(content for name, content in files.items() if not name.endswith(".pdf"))
    with ZipFile(io.BytesIO(files["index.xlsx"])) as package:
        whole += b"\n".join(package.read(name) for name in package.namelist())

    assert not re.search(
        rb"authorization|bearer|cpro-account|client_secret|password|access_token", whole, re.IGNORECASE
    )
    assert b64encode(files["factures/F-1/F-1.pdf"])[:60] not in whole


def test_sha256sum_agrees_without_this_program(proof: Path) -> None:
    command = shutil.which("sha256sum")
    if command is None:
        pytest.skip("sha256sum is not on the path")

    done = subprocess.run([command, "-c", "--strict", "SHA256SUMS"], cwd=proof, capture_output=True, check=False)  # noqa: S603 - a tool of the system

    assert done.returncode == 0, done.stdout
    assert done.stdout.count(b": OK") == len(everything(proof)) - 1


def test_the_leaflet_names_as_many_files_as_there_are(proof: Path) -> None:
    leaflet = (proof / "LISEZMOI.txt").read_text("utf-8-sig")

    assert f"SHA256SUMS nomme {len(everything(proof)) - 1} fichiers" in leaflet
    assert totals(proof)["head"]["hash"] in leaflet


def test_the_cover_says_whose_it_is_what_it_comes_to_and_that_it_is_a_rehearsal(proof: Path) -> None:
    words = cover(proof)

    for told in ("RÉPÉTITION", "000 000 000 00018", "clerk (pc)", totals(proof)["head"]["hash"], "480,00 €"):
        assert told in words
    assert "4 préparées = 4 déposées + 0 non partie" in words
    assert "4 déposées = 2 acceptées + 1 refusée + 1 incertaine" in words
    assert "Jamais présentées au dépôt, donc sans preuve : F-5" in words
    assert "Les totaux tombent juste" in words


def test_the_index_is_a_workbook_with_real_dates_and_numbers(proof: Path) -> None:
    rows = CalamineWorkbook.from_path(proof / "index.xlsx").get_sheet_by_index(0).to_python()
    line = dict(zip(rows[0], next(row for row in rows if row[0] == "F-1"), strict=True))

    assert (line["Date"], line["Montant TTC (avoirs déduits)"]) == (date(2026, 11, 2), 240.0)
    assert line["SIRET destinataire"] == "20006905200096"


def test_the_same_month_at_the_same_moment_is_the_same_bytes(played: tuple[Month, Path], tmp_path: Path) -> None:
    month, proof = played
    month.prove(tmp_path / "again")

    assert everything(tmp_path / "again") == everything(proof)


def test_a_zip_holds_what_the_folder_holds_and_is_the_same_each_time(
    played: tuple[Month, Path], tmp_path: Path
) -> None:
    month, proof = played
    for name in ("one.zip", "two.zip"):
        month.prove(tmp_path / name)

    with ZipFile(tmp_path / "one.zip") as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == everything(proof)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert lines_told(tmp_path / "one.zip", Sign.FINE) == ["CX662", "CX666", "CX668", "CX670"]


def test_making_a_proof_changes_neither_workbook_nor_journal(played: tuple[Month, Path], tmp_path: Path) -> None:
    bench = played[0].bench
    with bench.open_journal() as journal:
        before = journal.head(), bench.file.read_bytes()
    played[0].prove(tmp_path / "again")

    with bench.open_journal() as journal:
        assert (journal.head(), bench.file.read_bytes()) == before


def test_the_platform_is_not_asked(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))

    def connect() -> Iterator[object]:
        raise AssertionError

    with ProofBinder(tmp_path / "Preuve") as binder:
        report = prove(month.office(connect=connect), Period(), binder, LAWS)

    assert report.counts["proved_accepted"] == 1


# Which invoices


@pytest.mark.parametrize(
    ("period", "numbers"),
    [
        (Period(), ["F-1", "F-2", "F-3"]),
        (Period(numbers=("F-2",)), ["F-2"]),
        (Period(numbers=("F-2", "F-9")), ["F-2"]),
        (NOVEMBER, ["F-1", "F-2", "F-3"]),
        (Period(since=date(2026, 11, 24)), ["F-3"]),
        (Period(until=date(2026, 11, 23)), ["F-1", "F-2"]),
        (replace(NOVEMBER, numbers=("F-1",)), ["F-1"]),
    ],
    ids=["sheet", "number", "unknown number", "month", "since", "until", "both"],
)
def test_a_proof_is_about_what_was_asked(tmp_path: Path, period: Period, numbers: list[str]) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"), row("F-3"), scripted=("accept", "accept", "not_sent"))
    month.bench.clock.pass_(86_400)
    deposit(month.office(), lambda _: True)

    month.prove(tmp_path / "Preuve", period)

    assert [line["N° facture"] for line in table(tmp_path / "Preuve", "index.csv")] == numbers
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_month_holds_what_is_on_no_sheet_any_more(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.bench.type_into("invoice_number", ["F-1", "F-7"])

    by_sheet, by_month = month.prove(tmp_path / "sheet"), month.prove(tmp_path / "month", NOVEMBER)

    assert [line.invoice_number for line in by_sheet.rows] == ["F-1"]
    assert [line.invoice_number for line in by_month.rows] == ["F-1", "F-2"]


def test_with_nothing_deposited_there_is_nothing_to_prove(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1", pdf_file="absent.pdf"))

    with pytest.raises(UsageError, match="CX653"):
        month.prove(tmp_path / "Preuve")

    assert not list(tmp_path.glob("Preuve*"))


def test_a_journal_of_another_supplier_proves_nothing_and_says_whose_it_is(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))

    office = month.office(
        supplier_siret="73282932000074",
        open_journal=lambda: open_journal(
            f"sqlite:///{tmp_path / 'journal.sqlite'}",
            environment="repetition",
            supplier_siret="73282932000074",
            now=month.bench.clock,
            user="clerk",
            machine="pc",
        ),
    )

    with ProofBinder(tmp_path / "Preuve") as binder, pytest.raises(SetupError, match="CX652") as caught:
        prove(office, Period(), binder, LAWS)

    assert caught.value.params["others"] == SUPPLIER
    assert not list(tmp_path.glob("Preuve*"))


def test_a_journal_that_never_holds_still_is_told(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    heads = iter(range(1_000_000))

    class Restless(Fused):
        def __getattr__(self, name: str) -> object:
            return (lambda: str(next(heads))) if name == "head" else super().__getattr__(name)

    with month.bench.open_journal() as journal, ProofBinder(tmp_path / "Preuve") as binder:
        restless = Restless(journal, None, frozenset())  # type: ignore[arg-type]  # nothing of it is fused
        office = month.office(open_journal=lambda: _Opened(restless))
        with pytest.raises(JournalError, match="CX678"):
            prove(office, Period(), binder, LAWS)


class _Opened:
    def __init__(self, journal: object) -> None:
        self.journal = journal

    def __enter__(self) -> object:
        return self.journal

    def __exit__(self, *_: object) -> None:
        pass


# What is not there


@pytest.mark.parametrize("archived", [True, False], ids=["archived", "of before the archive"])
@pytest.mark.parametrize("place", ["F-1.pdf", "renamed.pdf", "2026/11/moved.PDF"])
def test_a_file_is_found_wherever_it_went(tmp_path: Path, place: str, *, archived: bool) -> None:
    month = deposited(tmp_path, row("F-1"), archived=archived)
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "F-1.pdf").rename(tmp_path / place)

    report = month.prove(tmp_path / "Preuve")

    assert report.counts["files_missing"] == 0
    assert (tmp_path / "Preuve/factures/F-1/F-1.pdf").read_bytes() == (tmp_path / place).read_bytes()


def test_a_file_that_is_found_nowhere_is_told_everywhere(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"), archived=False)
    (tmp_path / "F-1.pdf").write_bytes(b"%PDF-1.4 another one under the same name")

    report = month.prove(tmp_path / "Preuve")

    assert codes(report) == {"CX656"}
    assert report.needs_the_clerk
    assert [line["Emplacement du PDF"] for line in table(tmp_path / "Preuve", "index.csv")] == [
        "MANQUE",
        "factures/F-2/F-2.pdf",
    ]
    assert "Manque : F-1.pdf (facture F-1)" in cover(tmp_path / "Preuve")
    assert "1 fichier joint, 1 manquant" in cover(tmp_path / "Preuve")
    assert lines_told(tmp_path / "Preuve", Sign.LOOK) == ["CX672"]
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_damaged_copy_in_the_archive_gives_way_to_the_clerks_own(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    [kept] = (tmp_path / "home/archive").rglob("*.pdf")
    kept.write_bytes(b"damaged")

    assert month.prove(tmp_path / "Preuve").counts["files_missing"] == 0


def test_the_pdf_of_a_refused_attempt_is_proved_beside_that_of_the_accepted_one(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), scripted=("refuse",))
    (tmp_path / "F-1.pdf").write_bytes((tmp_path / "F-1.pdf").read_bytes() + b"\n% corrected")
    deposit(month.office(), lambda _: True)

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    assert line["Issue"] == "Acceptée"
    assert (tmp_path / "Preuve" / line["Emplacement du PDF"]).read_bytes().endswith(b"% corrected")
    assert len(list((tmp_path / "Preuve/factures/F-1").glob("*.pdf"))) == 2
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_row_that_says_otherwise_now_breaks_the_totals_in_red_words(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.bench.type_into("total_with_vat", [130.0, 120.0])

    report = month.prove(tmp_path / "Preuve")

    assert codes(report) == {"CX658", "CX659"}
    assert report.needs_the_clerk
    assert "LES TOTAUX NE TOMBENT PAS JUSTE" in cover(tmp_path / "Preuve")
    assert "250,00 € au lieu de 240,00 € + 0,00 €" in cover(tmp_path / "Preuve")
    assert "Facture F-1 : le classeur dit maintenant « 130,00 € », le dépôt disait « 120,00 € »" in cover(
        tmp_path / "Preuve"
    )
    assert totals(tmp_path / "Preuve")["hold"] is False
    assert lines_told(tmp_path / "Preuve", Sign.LOOK) == ["CX659"]
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


@pytest.mark.parametrize(
    ("scripted", "ending"),
    [("lose_before", "Incertaine"), ("not_sent", "Non partie"), ("refuse", "Refusée"), ("accept", "Acceptée")],
)
def test_each_ending_has_its_word_and_the_totals_hold(tmp_path: Path, scripted: str, ending: str) -> None:
    month = deposited(tmp_path, row("F-1"), scripted=(scripted,))

    report = month.prove(tmp_path / "Preuve")

    assert [line["Issue"] for line in table(tmp_path / "Preuve", "index.csv")] == [ending]
    assert totals(tmp_path / "Preuve")["hold"] is True
    assert report.in_doubt == (1 if ending == "Incertaine" else 0)


def test_what_an_act_sent_is_proved_too(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    write_pdf(tmp_path / "bon.pdf", "bon")
    sent = Document("bon.pdf", (tmp_path / "bon.pdf").read_bytes(), "")
    sha256 = hashlib.sha256(sent.content).hexdigest()
    with month.bench.open_journal() as journal:
        content = {"attachments": "bon.pdf", "attachments_sha256": sha256, "comment": "voici"}
        journal.begin_act("F-1", Act.COMPLETE, "SUSPENDUE 2026-11-24T08:30", content)
        journal.record_act(
            "F-1", ActEvent.ACCEPT, {"label": "fait"}, {"operation": "x", "request": "{}", "end": "HTTP 200"}
        )

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    assert line["Autres fichiers (emplacement, empreinte)"] == f"factures/F-1/bon.pdf {sha256}"
    assert (tmp_path / "Preuve/factures/F-1/bon.pdf").read_bytes() == sent.content
    document = json.loads((tmp_path / "Preuve/factures/F-1/depot.json").read_text("utf-8"))
    assert [line["event"] for line in document["lines"]][-3:] == ["act_intend", "act_accept", "exchange"]
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_recycled_invoice_is_proved_where_it_went_with_its_first_recipient_and_its_amount(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    recycle(month, ActEvent.ACCEPT)

    month.prove(tmp_path / "Preuve")

    went, stayed = table(tmp_path / "Preuve", "index.csv")
    assert [went[name] for name in WHERE] == [PRINCIPAL, "FACTURES_SUR_MARCHE", "BC-9"]
    assert went["Premier destinataire (SIRET, service, engagement)"] == f"{EAU}, FACTURES_HORS_MARCHE, BC-1"
    assert went["Gestes faits (Agir)"] == "Recycler, sur le statut A_RECYCLER du 24/11/2026 08:31:12"
    assert (went["Montant TTC (avoirs déduits)"], totals(tmp_path / "Preuve")["hold"]) == ("120,00", True)
    assert [stayed[name] for name in WHERE] == [EAU, "FACTURES_HORS_MARCHE", "BC-1"]
    assert stayed["Premier destinataire (SIRET, service, engagement)"] == stayed["Gestes faits (Agir)"] == ""
    assert f"F-1 02/11/2026 {PRINCIPAL}" in " ".join(cover(tmp_path / "Preuve").split())
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_recycling_that_was_not_done_moves_nothing(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    recycle(month, ActEvent.REFUSE)

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    assert [line[name] for name in WHERE] == [EAU, "FACTURES_HORS_MARCHE", "BC-1"]
    assert line["Premier destinataire (SIRET, service, engagement)"] == line["Gestes faits (Agir)"] == ""


def test_each_file_is_proved_with_its_size(tmp_path: Path) -> None:
    for name in ("bon", "photo"):
        write_pdf(tmp_path / f"{name}.pdf", f"{name} de livraison")
    month = deposited(tmp_path, row("F-1", attachments="bon.pdf;photo.pdf"))

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    sizes = [str((tmp_path / name).stat().st_size) for name in ("F-1.pdf", "bon.pdf", "photo.pdf")]
    assert line["Taille du PDF (octets)"] == sizes[0]
    assert line["Tailles des autres fichiers (octets)"].split("\n") == sizes[1:]
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_size_that_no_line_holds_is_blank(tmp_path: Path) -> None:
    write_pdf(tmp_path / "bon.pdf", "bon")
    month = deposited(tmp_path, row("F-1"))
    with month.bench.open_journal() as journal:
        content = {"attachments": "bon.pdf", "attachments_sha256": "0" * 64, "comment": ""}
        journal.begin_act("F-1", Act.COMPLETE, "SUSPENDUE 2026-11-24T08:30", content)

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    assert line["Tailles des autres fichiers (octets)"] == "?"
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def recycle(month: Month, event: ActEvent) -> None:
    """F-1 goes to another body, service and engagement; so it is asked, and this is what comes back."""
    content = {"recipient_siret": PRINCIPAL, "service_code": "FACTURES_SUR_MARCHE", "engagement_number": "BC-9"}
    with month.bench.open_journal() as journal:
        journal.begin_act("F-1", Act.RECYCLE, "A_RECYCLER 2026-11-24T08:31:12.000", content)
        journal.record_act("F-1", event, {"label": "fait"})


def test_the_cover_stays_one_page_however_much_there_is_to_report(tmp_path: Path) -> None:
    numbers = [f"F-{number}" for number in range(1, 13)]
    month = deposited(tmp_path, *map(row, numbers), archived=False)
    for number in numbers:
        (tmp_path / f"{number}.pdf").unlink()

    month.prove(tmp_path / "Preuve")

    pages = [page.extract_text() for page in PdfReader(tmp_path / "Preuve/00-Couverture.pdf").pages]
    assert len(pages) == 2
    assert "… et 4 autres : voir index.xlsx et totaux.json." in pages[0]
    assert pages[1].count("MANQUE") == 12


# Nasty texts and long histories

NASTY = [
    '=HYPERLINK("http://exemple.invalid")',
    '+33 1; "quoted"',
    "-1",
    "@SUM(A1)",
    "'=1",
    "ligne 1\nligne 2\r\nligne 3",
    "émoji 🧾 et 漢字, flèche →, tabulation\t",
    "\x00\x01\x1b contrôle",
    "x" * 32_767,
    "🧾" * 32_767,
]


@pytest.mark.parametrize("text", NASTY, ids=[ascii(text[:12]) for text in NASTY])
def test_a_text_of_the_buyer_survives_in_every_file_and_runs_in_none(tmp_path: Path, text: str) -> None:
    month = deposited(tmp_path, row("F-1"))
    with month.bench.open_journal() as journal:
        journal.note_status("F-1", "SUSPENDUE", datetime(2026, 11, 24, 8, 30), text)  # noqa: DTZ001 - the platform's clock

    month.prove(tmp_path / "Preuve")

    [line] = table(tmp_path / "Preuve", "index.csv")
    assert line["Motif"] == text
    [*_, last] = table(tmp_path / "Preuve", "factures/F-1/historique.csv")
    assert last["Motif"] == text
    raw = (tmp_path / "Preuve/index.csv").read_bytes().decode("utf-8-sig")
    assert not re.search(r"(^|;)\"?[=+@\t\r]", raw.partition("\n")[2])
    with ZipFile(tmp_path / "Preuve/index.xlsx") as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_a_cell_is_cut_between_two_characters_at_what_excel_holds() -> None:
    cut = held("🧾" * LONGEST)

    assert len(cut.encode("utf-16-le")) <= 2 * LONGEST
    assert re.fullmatch("🧾+ … \\(coupé\\)", cut)
    assert held("x" * LONGEST) == "x" * LONGEST


def test_a_history_of_five_hundred_passages_is_proved_whole(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    passages = [
        Passage("SUSPENDUE" if minute % 2 else "COMPLETEE", datetime(2026, 11, 1 + minute // 60, 8, minute % 60))  # noqa: DTZ001 - as above
        for minute in range(500)
    ]
    with month.bench.open_journal() as journal:
        journal.note_passages("F-1", passages)

    month.prove(tmp_path / "Preuve")

    history = table(tmp_path / "Preuve", "factures/F-1/historique.csv")
    assert sum(line["Événement (code)"] == "passage" for line in history) == 500
    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


def test_names_of_files_are_safe_and_differ_on_every_system() -> None:
    texts = [
        "F-1",
        "f-1",
        "F/1",
        "F_1",
        "F+1",
        "CON",
        "con.pdf",
        "..",
        "",
        "é.pdf",
        "e.pdf",
        "a" * 300,
        "x\ny",
        "LPT1.txt",
    ]
    names = Names()
    safe = [names.safe(text) for text in texts]

    assert len({name.casefold() for name in safe}) == len(texts)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}", name) for name in safe)
    assert not any(re.match(r"(?i)(con|lpt1)(\.|$)", name) or name.endswith(".") for name in safe)


# Where it goes


@pytest.mark.parametrize("name", ["taken", "taken.zip", "file"])
def test_a_proof_never_replaces_anything(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "taken":
        path.mkdir()
        (path / "mine.txt").write_text("mine")
    else:
        path.write_text("mine")

    with pytest.raises(UsageError, match="CX654"):
        ProofBinder(path)


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    (tmp_path / "Preuve").mkdir()

    month.prove(tmp_path / "Preuve")

    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []


@pytest.mark.parametrize("name", ["Preuve", "Preuve.zip"])
def test_a_place_that_cannot_be_written_to_is_told(name: str) -> None:
    with pytest.raises(WorkbookError, match="CX655"):
        ProofBinder(Path("/proc") / name)


@pytest.mark.parametrize("name", ["Preuve", "Preuve.zip"])
def test_an_interrupted_proof_leaves_nothing(tmp_path: Path, name: str) -> None:
    with ProofBinder(tmp_path / name) as binder:
        binder.add("factures/F-1/F-1.pdf", b"%PDF")
        assert list(tmp_path.iterdir()) != []

    assert list(tmp_path.iterdir()) == []


def test_what_a_press_left_when_it_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "Preuve.en-cours1").mkdir()
    month = deposited(tmp_path, row("F-1"))

    month.prove(tmp_path / "Preuve")

    assert lines_told(tmp_path / "Preuve", Sign.WRONG) == []
