"""The workbook's macros: which modules there are, and where their text comes from.

Rule 1: our module is ``vba/ChorusRibbon.bas``; a document module holds nothing but ``Option Explicit``.
Rule 2: the modules of xlwings are those of the installed package, word for word: both halves are of one version.
        xlwings is found, not imported: that would cost more than all the rest of a new workbook's macros.
Rule 3: the class ``Dictionary`` is for Excel on a Mac, where the module of xlwings needs it to compile.

The licences of xlwings and of ``Dictionary`` are in ``vba/NOTICE.txt`` and at the head of the modules themselves.
"""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from chorus_xl.build.ovba import Kind, Module, vba_project
from chorus_xl.build.package import Part

WORKBOOK_CODE_NAME = "ThisWorkbook"

_OURS = Path(__file__).parent / "vba" / "ChorusRibbon.bas"
_WORKBOOK_CLASS = "{00020819-0000-0000-C000-000000000046}"
_SHEET_CLASS = "{00020820-0000-0000-C000-000000000046}"
_USER_CLASS = "{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"


@cache
def macros_part(sheet_code_names: tuple[str, ...]) -> Part:
    """``vbaProject.bin`` for a workbook whose sheets have these code names; made once in a process."""
    return Part(
        "xl/vbaProject.bin",
        vba_project(modules(sheet_code_names)),
        "application/vnd.ms-office.vbaProject",
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        owner="xl/workbook.xml",
    )


def modules(sheet_code_names: Iterable[str]) -> list[Module]:
    """Every module, those of the workbook and its sheets first."""
    xlwings = xlwings_folder()
    return [
        _document(WORKBOOK_CODE_NAME, _WORKBOOK_CLASS),
        *(_document(name, _SHEET_CLASS) for name in sheet_code_names),
        Module("ChorusRibbon", Kind.PROCEDURES, _text(_OURS)),
        Module("xlwings", Kind.PROCEDURES, _text(xlwings / "xlwings.bas")),
        _class("Dictionary", _text(xlwings / "addin" / "Dictionary.cls")),
    ]


def xlwings_folder() -> Path:
    """Where the installed xlwings stands.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("xlwings is not installed", name="xlwings")
    return Path(spec.origin).parent


def _text(path: Path) -> str:
    """A file's text with CRLF, whatever Git made of its line ends."""
    return path.read_text("ascii").replace("\n", "\r\n")


def _document(name: str, base: str) -> Module:
    lines = [*_attributes(name, base, predeclared=True, exposed=True, customizable=True), "Option Explicit", ""]
    return Module(name, Kind.DOCUMENT, "\r\n".join(lines))


def _class(name: str, exported: str) -> Module:
    """A class module from its exported text, whose header gives way to attributes that only a project holds."""
    _, body = exported.split("Attribute VB_Exposed = True\r\n", 1)
    lines = [*_attributes(name, _USER_CLASS, predeclared=False, exposed=True, customizable=False), body]
    return Module(name, Kind.CLASS, "\r\n".join(lines))


def _attributes(name: str, base: str, *, predeclared: bool, exposed: bool, customizable: bool) -> list[str]:
    return [
        f'Attribute VB_Name = "{name}"',
        f'Attribute VB_Base = "0{base}"',
        "Attribute VB_GlobalNameSpace = False",
        "Attribute VB_Creatable = False",
        f"Attribute VB_PredeclaredId = {predeclared}",
        f"Attribute VB_Exposed = {exposed}",
        "Attribute VB_TemplateDerived = False",
        f"Attribute VB_Customizable = {customizable}",
    ]
