"""The workbook's outer shape: a macro-enabled package, the same bytes wherever and whenever it is made.

Rule 1: parts come in one order, bear the first date that a zip knows, and are stored, not deflated: zlib builds differ
        in their output, storage does not. The wheel and Git compress the file anyway, and Excel at its first save.
Rule 2: parts that XlsxWriter does not write (macros, ribbon) enter here, each with its type and its relationship.
Rule 3: no part's meaning is known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_TYPES = "[Content_Types].xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part to add to the package.

    Attributes:
        name: its place, such as ``xl/vbaProject.bin``, in the owner's folder or below.
        content: its bytes.
        content_type: what it is.
        relationship: the URI that says what it is to its owner.
        owner: the part that points to it; ``""`` for the package itself.
    """

    name: str
    content: bytes
    content_type: str
    relationship: str
    owner: str = ""

    @property
    def relationships(self) -> str:
        """The part that holds the owner's relationships."""
        folder, _, name = self.owner.rpartition("/")
        return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def write_package(plain: bytes, path: Path, parts: Sequence[Part] = ()) -> None:
    """Write XlsxWriter's workbook as a macro-enabled one, with more parts, to ``path``."""
    with ZipFile(BytesIO(plain)) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    contents[_TYPES] = contents[_TYPES].replace(_PLAIN, _MACRO_ENABLED)
    for number, part in enumerate(parts, start=1):
        _add(contents, part, f"rIdChorus{number}")
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as target:
        for name in sorted(contents, key=lambda name: (name != _TYPES, not name.startswith("_rels/"), name)):
            info = ZipInfo(name, _FIRST_DATE)
            info.create_system = 0  # else the system that builds would show
            target.writestr(info, contents[name])
    path.write_bytes(packed.getvalue())


def _add(contents: dict[str, bytes], part: Part, identity: str) -> None:
    contents[part.name] = part.content
    kind = f"<Override PartName={quoteattr('/' + part.name)} ContentType={quoteattr(part.content_type)}/>"
    contents[_TYPES] = _before(contents[_TYPES], "</Types>", kind)
    link = (
        f"<Relationship Id={quoteattr(identity)} Type={quoteattr(part.relationship)} "
        f"Target={quoteattr(str(PurePosixPath(part.name).relative_to(PurePosixPath(part.owner).parent)))}/>"
    )
    contents[part.relationships] = _before(contents[part.relationships], "</Relationships>", link)


def _before(xml: bytes, end: str, addition: str) -> bytes:
    return xml.replace(end.encode(), (addition + end).encode())
