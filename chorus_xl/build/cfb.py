"""A compound file, the container of ``vbaProject.bin``: [MS-CFB], version 3, writing only.

Rule 1: the same tree gives the same bytes: no dates, no random numbers, entries in the order of their directory.
Rule 2: names are ASCII, of 1 to 31 characters, and a file has at most the 7 MB whose allocation table its header lists.
Rule 3: a stream lies in one piece: a short one in the mini stream, a longer one in sectors of its own.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

Storage: TypeAlias = "Mapping[str, bytes | Storage]"
"""Streams and storages by name."""

_SECTOR = 512
_MINI_SECTOR = 64
_MINI_CUTOFF = 4096  # a stream shorter than this stands in the mini stream: 2.2
_FREE = 0xFFFFFFFF
_END_OF_CHAIN = 0xFFFFFFFE
_FAT_SECTOR = 0xFFFFFFFD
_NO_ENTRY = 0xFFFFFFFF
_LISTED_IN_HEADER = 109
_UNUSED, _STORAGE, _STREAM, _ROOT = 0, 1, 2, 5  # 2.6.1
_RED, _BLACK = 0, 1
_LONGEST_NAME = 31


@dataclass(slots=True)
class _Entry:
    """One directory entry (2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = _BLACK
    left: int = _NO_ENTRY
    right: int = _NO_ENTRY
    child: int = _NO_ENTRY
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le") if self.name else b""
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            name,
            len(name),
            self.kind,
            self.colour,
            self.left,
            self.right,
            self.child,
            b"",  # class of the object
            0,  # state bits
            0,  # created
            0,  # modified
            self.start,
            self.size,
        )


@dataclass(slots=True)
class _Chains:
    """Contents laid one after the other in sectors of one size, and the table that chains the sectors (2.3)."""

    sector: int
    table: list[int] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """The number of the sector at which ``content`` starts."""
        if not content:
            return _END_OF_CHAIN
        start = len(self.table)
        padded = _padded(content, self.sector, b"\0")
        self.contents.append(padded)
        self.table += [*range(start + 1, start + len(padded) // self.sector), _END_OF_CHAIN]
        return start


def compound_file(root: Storage) -> bytes:
    """The file that holds ``root``.

    Raises:
        ValueError: a name or a size that this writer refuses (rule 2).
    """
    entries = [_Entry("Root Entry", _ROOT)]
    _add_children(entries, 0, root)
    sectors, minis = _Chains(_SECTOR), _Chains(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.start = (minis if len(entry.content) < _MINI_CUTOFF else sectors).add(entry.content)
            entry.size = len(entry.content)
    mini_stream = b"".join(minis.contents)
    entries[0].start, entries[0].size = sectors.add(mini_stream), len(mini_stream)
    mini_table = sectors.add(_numbers(minis.table))
    mini_table_sectors = -(-len(minis.table) * 4 // _SECTOR)
    unused = [_Entry("", _UNUSED, colour=0) for _ in range(-len(entries) % (_SECTOR // 128))]
    directory = sectors.add(b"".join(entry.packed() for entry in chain(entries, unused)))
    fat = _fat(sectors.table)
    return b"".join(
        [_header(directory, mini_table, mini_table_sectors, fat), *sectors.contents, _numbers(sectors.table)]
    )


def _fat(table: list[int]) -> list[int]:
    """The sectors of the allocation table, which it lists itself; they come last (2.3)."""
    used = len(table)
    count = -(-used // (_SECTOR // 4 - 1))  # each of them lists itself as well
    if count > _LISTED_IN_HEADER:
        raise ValueError(f"{used} sectors are more than this writer can list")
    table += [_FAT_SECTOR] * count
    return list(range(used, used + count))


def _header(directory: int, mini_table: int, mini_table_sectors: int, fat: Sequence[int]) -> bytes:
    """The header, which is one sector (2.2)."""
    fixed = struct.pack(
        "<8s16sHHHHH6s9I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        b"",  # class
        0x003E,  # minor version
        3,  # major version
        0xFFFE,  # byte order
        9,  # sectors of 2**9 bytes
        6,  # mini sectors of 2**6 bytes
        b"",
        0,  # directory sectors: not counted in version 3
        len(fat),
        directory,
        0,  # transactions
        _MINI_CUTOFF,
        mini_table,
        mini_table_sectors,
        _END_OF_CHAIN,  # the table's sectors are all listed here
        0,
    )
    return fixed + struct.pack(f"<{_LISTED_IN_HEADER}I", *fat, *[_FREE] * (_LISTED_IN_HEADER - len(fat)))


def _add_children(entries: list[_Entry], parent: int, storage: Storage) -> None:
    """Add what ``storage`` holds after its own entry, as a red-black tree of siblings (2.6.4)."""
    names = sorted(storage, key=lambda name: (len(name), name.upper()))
    first = len(entries)
    for name in names:
        if not (name.isascii() and 1 <= len(name) <= _LONGEST_NAME):
            raise ValueError(f"a name of 1 to {_LONGEST_NAME} ASCII characters is wanted, not {name!r}")
        content = storage[name]
        entries.append(_Entry(name, _STREAM, content) if isinstance(content, bytes) else _Entry(name, _STORAGE))
    if len({name.upper() for name in names}) < len(names):
        raise ValueError("two names differ only in case")
    deepest = len(names).bit_length() - 1
    entries[parent].child = _balance(entries, first, len(entries), 0, deepest)
    for number, name in enumerate(names, start=first):
        content = storage[name]
        if not isinstance(content, bytes):
            _add_children(entries, number, content)


def _balance(entries: list[_Entry], low: int, high: int, depth: int, deepest: int) -> int:
    """Link the entries from ``low`` to below ``high`` into a tree with the middle one at its top.

    Every way down then has the same count of entries but for the deepest level; with that level red and all else black,
    each way has the same count of black entries, and no red one stands under another.
    """
    if low == high:
        return _NO_ENTRY
    middle = (low + high) // 2
    entry = entries[middle]
    entry.colour = _RED if depth == deepest and depth else _BLACK
    entry.left = _balance(entries, low, middle, depth + 1, deepest)
    entry.right = _balance(entries, middle + 1, high, depth + 1, deepest)
    return middle


def _numbers(table: Sequence[int]) -> bytes:
    """A table of sector numbers, filled up to whole sectors with the mark of a free one."""
    return _padded(struct.pack(f"<{len(table)}I", *table), _SECTOR, b"\xff")


def _padded(content: bytes, unit: int, filler: bytes) -> bytes:
    return content + filler * (-len(content) % unit)
