"""Files made to exhaust whoever reads them: refused with a sentence, or read, in little memory and little time."""

import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.workbook.limited import SECONDS
from tests.workbook.sample import FACTURES, Edit, Sample, edit_parts, invoice, opened, swap

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of memory for a process")
ROOT = Path(__file__).resolve().parents[2]
BOOK, STRINGS, TABLE = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/tables/table1.xml"


def looked_at(kind: str, files: Sequence[Path]) -> dict[str, list[str]]:
    """What a child with little of everything says of each file."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.workbook.limited", kind, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=10 * SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, list[str]] = json.loads(done.stdout)
    return {Path(name).stem: end for name, end in said.items()}


# --- workbooks ------------------------------------------------------------------------------------------------------

LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>%b]>" % b"".join(
    b"<!ENTITY %c '%b'>" % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
)
OUTSIDE = b"<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>"
LONG = "x" * 32_000  # what stands in the sample where something longer goes


def edited(part: str, edit: Edit) -> Callable[[Path], object]:
    return lambda path: edit_parts(Sample(invoices=[invoice("F1", comment=LONG)]).save(path), {part: edit})


def inserted(part: str, before: bytes, content: bytes) -> Callable[[Path], object]:
    return edited(part, swap(before, content + before))


def entities(part: str, root: bytes, doctype: bytes) -> Callable[[Path], object]:
    def edit(xml: bytes) -> bytes:
        return xml.replace(root, doctype + root, 1).replace(b">F1<", b">&j;<")

    return edited(part, edit)


def laughing_sheet(path: Path) -> None:
    def edit(xml: bytes) -> bytes:
        row = b'<row r="9"><c r="A9" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>'
        return xml.replace(b"<worksheet", LAUGHS + b"<worksheet", 1).replace(b"</sheetData>", row)

    edited(FACTURES, edit)(path)


def a_gigabyte_of_zeros(path: Path) -> None:
    Sample().save(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/image1.png", "w") as member,
    ):
        for _ in range(100):
            member.write(bytes(10_000_000))


def ten_thousand_members(path: Path) -> None:
    Sample().save(path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_000):
            archive.writestr(f"xl/{number}.xml", b"")


def ten_gigabytes(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(10_000_000_000)


def table_down_to(corner: bytes) -> Callable[[Path], object]:
    return edited(TABLE, lambda xml: re.sub(rb'ref="A4:[A-Z]+\d+"', b'ref="A4:%b"' % corner, xml))


def many(piece: bytes, count: int) -> bytes:
    return piece * count


WORKBOOKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a gigabyte of zeros": (a_gigabyte_of_zeros, "CX156"),
    "ten thousand members": (ten_thousand_members, "CX156"),
    "ten gigabytes on disk": (ten_gigabytes, "CX156"),
    "a million laughs in the sheet": (laughing_sheet, "CX155"),
    "a million laughs in the texts": (entities(STRINGS, b"<sst", LAUGHS), "CX155"),
    "a million laughs in the workbook": (inserted(BOOK, b"<workbook", LAUGHS), "CX155"),
    "a file from outside": (entities(STRINGS, b"<sst", OUTSIDE), "CX155"),
    "deep nesting in the workbook": (
        inserted(BOOK, b"</workbook>", many(b"<x>", 10**6) + many(b"</x>", 10**6)),
        "CX155",
    ),
    "deep nesting in the sheet": (
        inserted(FACTURES, b"</sheetData>", many(b"<x>", 10**6) + many(b"</x>", 10**6)),
        "CX184",
    ),
    "a text of ten million characters": (edited(STRINGS, swap(LONG.encode(), many(b"x", 10**7))), "CX184"),
    "a number of ten million digits": (edited(STRINGS, swap(LONG.encode(), many(b"1", 10**7))), "CX184"),
    "a text in many runs": (
        edited(STRINGS, swap(f"<t>{LONG}</t>".encode(), many(f"<r><t>{LONG}</t></r>".encode(), 300))),
        "CX184",
    ),
    "a text of ten million characters in its cell": (
        inserted(
            FACTURES,
            b"</sheetData>",
            b'<row r="9"><c r="A9" t="inlineStr"><is><t>%b</t></is></c></row>' % many(b"x", 10**7),
        ),
        "CX184",
    ),
    "a table over all rows": (table_down_to(b"Z1048576"), "CX180"),
    "a table over all cells": (table_down_to(b"XFD1048576"), "CX180"),
    "a million rows without a cell": (
        inserted(FACTURES, b"</sheetData>", b"".join(b'<row r="%d"/>' % row for row in range(100, 1_048_577))),
        "read",
    ),
    "texts without a character, a million": (inserted(STRINGS, b"</sst>", many(b"<si><t/></si>", 10**6)), "read"),
    "a million styles": (inserted("xl/styles.xml", b"</cellXfs>", many(b"<xf/>", 10**6)), "read"),
    "columns by the thousand": (
        inserted(TABLE, b"</tableColumns>", many(b'<tableColumn id="99" name="z"/>', 5_000)),
        "read",
    ),
}


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    folder = tmp_path_factory.mktemp("bombs")
    files = [folder / f"{name}.xlsm" for name in WORKBOOKS]
    for (make, _), file in zip(WORKBOOKS.values(), files, strict=True):
        make(file)
    said = looked_at("workbook", files)
    for file in files:
        file.unlink()
    return said


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_that_is_a_bomb_is_refused_or_read_within_bounds(
    workbooks: Mapping[str, list[str]], name: str
) -> None:
    end, words = workbooks[name]

    assert end == WORKBOOKS[name][1], words
    assert words.endswith(f"[{end}]" if end != "read" else "F1")


@pytest.mark.parametrize("count", [1, 2, 20, 21, 300])
def test_texts_without_a_character_are_told_from_blanks_however_many_they_are(path: Path, count: int) -> None:
    rows = [invoice(f"F{number}", comment=f"vide{number}.") for number in range(count)]
    Sample(invoices=[*rows, invoice("F-sans")]).save(path)
    edit_parts(path, {STRINGS: lambda xml: re.sub(rb"<t>vide\d+\.</t>", b"<t></t>", xml)})

    assert opened(path).read().invoices.cells("comment") == [*[""] * count, None]


# --- PDFs -----------------------------------------------------------------------------------------------------------


def made_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first one its root."""
    content, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, inner in enumerate(objects, 1):
        offsets.append(b"%010d 00000 n \n" % len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, inner)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, b"".join(offsets))
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(content))
    return bytes(content) + table + end


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), entries, content)


def deflated(piece: bytes, count: int, times: int = 1) -> bytes:
    """So many times the piece, compressed so many times."""
    press = zlib.compressobj(1)
    content = b"".join(press.compress(piece) for _ in range(count)) + press.flush()
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter[%b]" % (b"/FlateDecode" * times))


ROOT_OBJECT = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
RESOURCES = b"/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
NO_CIPHER = b"<</Filter/Standard/V 5/R 6/O(x)/U(y)/P -1>>"
WORD = b"BT /F1 9 Tf (bonjour) Tj ET\n"


def painted(content: bytes, *others: bytes) -> bytes:
    """One page painted by this object; the others count from 6."""
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%b>>" % RESOURCES
    return made_of(ROOT_OBJECT, ONE_PAGE, page, content, FONT, *others)


def form(following: int) -> bytes:
    """A form that paints another one twice."""
    resources = b"/Resources<</XObject<</X %d 0 R>>>>" % following
    return stream(b"/X Do /X Do\n", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]" + resources)


def doubling(levels: int) -> bytes:
    """A tree that has two branches on each level, both the same: 2 to the power of ``levels`` pages."""
    nodes = (
        b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count %d>>" % (level + 3, level + 3, 2 ** (levels - level))
        for level in range(levels)
    )
    return made_of(ROOT_OBJECT, *nodes, b"<</Type/Page/MediaBox[0 0 1 1]>>")


def pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids)
    return made_of(ROOT_OBJECT, tree, *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 1]>>"] * count)


def circle() -> bytes:
    """The table of objects names itself as the one before."""
    plain = made_of(ROOT_OBJECT, b"<</Type/Pages/Kids[]/Count 0>>")
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % plain.rindex(b"xref\n0"))


PDFS: dict[str, Callable[[], bytes]] = {
    "a page": lambda: painted(stream(WORD)),
    "a gigabyte painted on a page": lambda: painted(deflated(bytes(10**7), 100)),
    "a gigabyte deflated twice": lambda: painted(deflated(bytes(10**7), 100, times=2)),
    "two million bytes of operators": lambda: painted(deflated(WORD, 70_000)),
    "sixty million bytes of operators": lambda: painted(deflated(WORD * 1000, 2_000)),
    "deep nesting on a page": lambda: painted(deflated(b"[" * 10**6, 5)),
    "deep nesting in the root": lambda: made_of(b"<</Type/Catalog/Pages " + b"[" * 10**6 + b">>"),
    "a form that paints itself": lambda: painted(stream(b"/X Do"), form(6)),
    "forms that double": lambda: painted(stream(b"/X Do"), *(form(7 + level) for level in range(40)), form(6)),
    "a tree that is its own branch": lambda: made_of(ROOT_OBJECT, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "a tree that doubles": lambda: doubling(40),
    "ninety thousand pages": lambda: pages(90_000),
    "references in a circle": lambda: made_of(ROOT_OBJECT, b"3 0 R", b"2 0 R"),
    "tables in a circle": circle,
    "objects without a table": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 300_000 + b"/Root",
    "a cipher that is none": lambda: made_of(ROOT_OBJECT, ONE_PAGE, NO_CIPHER, trailer=b"/Encrypt 3 0 R"),
}
NOTHING = ["", ""]  # neither a problem nor a text
TOLD = {"a page": ["", "bonjour"], "a cipher that is none": ["encrypted", ""]}


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    folder = tmp_path_factory.mktemp("bombs")
    files = [folder / f"{name}.pdf" for name in PDFS]
    for make, file in zip(PDFS.values(), files, strict=True):
        file.write_bytes(make())
    return looked_at("pdf", files)


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_that_is_a_bomb_is_told_within_bounds(pdfs: Mapping[str, list[str]], name: str) -> None:
    assert pdfs[name] == TOLD.get(name, NOTHING)
