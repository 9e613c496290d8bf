"""A VBA project from the text of its modules: [MS-OVBA], writing only.

Rule 1: source alone is written. The compiled cache of ``_VBA_PROJECT`` must not be (2.3.4.1), so Excel compiles at the
        first run, in its own version.
Rule 2: the same modules give the same bytes: the project's identity and the seeds of its three masked fields are fixed.
Rule 3: source is ASCII, with CRLF at the end of each line, and opens with the attributes of its kind.
Rule 4: which modules there are, and what they say, is not known here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from chorus_xl.build.cfb import compound_file
from chorus_xl.build.compression import compress

_PROJECT_NAME = "ChorusXl"
_IDENTITY = "{6F6C1B0E-6A0B-5B61-9C0B-6B1B0B3C9A51}"
_CODE_PAGE = 1252
_LOCALE = 0x0409
_LONGEST_NAME = 31
_NO_CACHE = bytes.fromhex("CC61FFFF000100")  # 2.3.4.1; the last two bytes are ignored
_COOKIE = b"\xff\xff"  # 2.3.4.2.3.1: ignored on read

_OFFICE = r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"

# ASSUMPTION: naming the library of Office 16 is right for Excel 2016 to 365, on a Mac too, and where its file stands in
# another folder: Excel finds a library by its identity, not by its path.
_LIBRARIES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#" + _OFFICE + "#Microsoft Office 16.0 Object Library",
    ),
)


class Kind(Enum):
    """What a module is: the key of its line in the ``PROJECT`` stream (2.3.1.1)."""

    PROCEDURES = "Module"
    CLASS = "Class"
    DOCUMENT = "Document"


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project.

    Attributes:
        name: up to 31 ASCII characters.
        kind: what it is.
        source: its text, attributes first, with CRLF.
    """

    name: str
    kind: Kind
    source: str

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.isidentifier() and len(self.name) <= _LONGEST_NAME):
            raise ValueError(f"{self.name!r} cannot name a module")
        if not self.source.isascii() or "\n" in self.source.replace("\r\n", ""):
            raise ValueError(f"{self.name} is not ASCII with CRLF")
        if not self.source.startswith(f'Attribute VB_Name = "{self.name}"\r\n'):
            raise ValueError(f"{self.name} does not open with its name")


def vba_project(modules: Sequence[Module]) -> bytes:
    """``vbaProject.bin`` with these modules, in this order (2.2)."""
    fixed = {"_VBA_PROJECT": _NO_CACHE, "dir": compress(_dir(modules))}
    streams = {module.name: compress(module.source.encode("ascii")) for module in modules}
    if len(fixed | streams) < len(fixed) + len(modules):
        raise ValueError("a name is taken twice")
    return compound_file({"VBA": fixed | streams, "PROJECT": _project(modules), "PROJECTwm": _names(modules)})


def _record(identity: int, content: bytes) -> bytes:
    return struct.pack("<HI", identity, len(content)) + content


def _twice(identity: int, unicode_identity: int, text: str) -> bytes:
    """A record with the text in the project's code page, then in UTF-16."""
    return _record(identity, text.encode("ascii")) + _record(unicode_identity, text.encode("utf-16-le"))


def _dir(modules: Sequence[Module]) -> bytes:
    """The ``dir`` stream before compression (2.3.4.2)."""
    return b"".join(
        [
            # 2.3.4.2.1 PROJECTINFORMATION; the compatibility version 0x4A may be left out, and some readers trip on it
            _record(0x01, struct.pack("<I", 1)),  # Windows, 32 bits, which 64 bits read as well
            _record(0x02, struct.pack("<I", _LOCALE)),
            _record(0x14, struct.pack("<I", _LOCALE)),
            _record(0x03, struct.pack("<H", _CODE_PAGE)),
            _record(0x04, _PROJECT_NAME.encode("ascii")),
            _twice(0x05, 0x40, ""),  # what it is
            _twice(0x06, 0x3D, ""),  # help file: both fields in the code page, which is the same for none
            _record(0x07, struct.pack("<I", 0)),  # help context
            _record(0x08, struct.pack("<I", 0)),  # library flags
            struct.pack("<HIIH", 0x09, 4, 1, 1),  # version 1.1; 4 is said of both fields
            _twice(0x0C, 0x3C, ""),  # constants of conditional compilation
            # 2.3.4.2.2 PROJECTREFERENCES
            *(_reference(name, library) for name, library in _LIBRARIES),
            # 2.3.4.2.3 PROJECTMODULES
            _record(0x0F, struct.pack("<H", len(modules))),
            _record(0x13, _COOKIE),
            *(_module(module) for module in modules),
            _record(0x10, b""),
        ]
    )


def _reference(name: str, library: str) -> bytes:
    """A registered library (2.3.4.2.2.5) after its name (2.3.4.2.2.2)."""
    registered = struct.pack("<I", len(library)) + library.encode("ascii") + bytes(6)
    return _twice(0x16, 0x3E, name) + _record(0x0D, registered)


def _module(module: Module) -> bytes:
    """A module's records (2.3.4.2.3.2); its source starts at 0, since no cache stands before it."""
    return b"".join(
        [
            _twice(0x19, 0x47, module.name),
            _twice(0x1A, 0x32, module.name),  # the stream's name
            _twice(0x1C, 0x48, ""),  # what it is
            _record(0x31, struct.pack("<I", 0)),
            _record(0x1E, struct.pack("<I", 0)),  # help context
            _record(0x2C, _COOKIE),
            _record(0x21 if module.kind is Kind.PROCEDURES else 0x22, b""),
            _record(0x2B, b""),
        ]
    )


def _project(modules: Sequence[Module]) -> bytes:
    """The ``PROJECT`` stream (2.3.1): not protected, no password, shown."""
    lines = [
        f'ID="{_IDENTITY}"',
        *(f"{m.kind.value}={m.name}{'/&H00000000' if m.kind is Kind.DOCUMENT else ''}" for m in modules),
        f'Name="{_PROJECT_NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_masked(bytes(4), 0x10)}"',
        f'DPB="{_masked(bytes(1), 0x20)}"',
        f'GC="{_masked(bytes([0xFF]), 0x30)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _names(modules: Sequence[Module]) -> bytes:
    """The ``PROJECTwm`` stream: each name in the code page and in UTF-16 (2.3.3)."""
    pairs = (m.name.encode("ascii") + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return b"".join(pairs) + b"\0\0"


def _masked(content: bytes, seed: int) -> str:
    """The masking that the format calls data encryption (2.4.3.2), in hexadecimal digits."""
    key = sum(_IDENTITY.encode("ascii")) & 0xFF
    plain = [2, key, *bytes((seed & 6) // 2), *struct.pack("<I", len(content)), *content]
    masked = [seed, seed ^ plain[0], seed ^ plain[1]]
    for before, byte in pairwise(plain[1:]):
        masked.append(byte ^ (masked[-2] + before & 0xFF))
    return bytes(masked).hex().upper()
