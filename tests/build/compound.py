"""A reader of compound files that takes nothing for granted: it asserts what [MS-CFB] asks of a writer."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FREE, END, FAT_SECTOR, NO_ENTRY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
RED, BLACK = 0, 1


class Entry(NamedTuple):
    packed_name: bytes
    name_length: int
    kind: int
    colour: int
    left: int
    right: int
    child: int
    object_class: bytes
    state: int
    created: int
    modified: int
    start: int
    size: int

    @property
    def name(self) -> str:
        name = self.packed_name[: self.name_length].decode("utf-16-le")
        assert name.endswith("\0")
        assert not any(self.packed_name[self.name_length :])
        return name[:-1]


BLANK = Entry(bytes(64), 0, UNUSED, 0, NO_ENTRY, NO_ENTRY, NO_ENTRY, bytes(16), 0, 0, 0, 0, 0)


def streams(packed: bytes) -> dict[str, bytes]:
    """Each stream by its path."""
    return dict(Compound(packed).walk())


class Compound:
    def __init__(self, packed: bytes) -> None:
        assert len(packed) % 512 == 0
        header = struct.unpack_from("<8s16s5H6s9I", packed)
        assert header[0] == bytes.fromhex("D0CF11E0A1B11AE1")
        assert header[1:9] == (bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0)
        fat_count, directory, transactions, cutoff, mini_table, mini_count, difat, difat_count = header[9:]
        assert (transactions, cutoff, difat, difat_count) == (0, 4096, END, 0)
        listed = struct.unpack_from("<109I", packed, 76)
        assert all(number == FREE for number in listed[fat_count:])

        self.sectors = [packed[at : at + 512] for at in range(512, len(packed), 512)]
        self.table = [n for number in listed[:fat_count] for n in struct.unpack("<128I", self.sectors[number])]
        assert all(n == FREE for n in self.table[len(self.sectors) :])
        assert len(self.table) - len(self.sectors) < 128, "no sector of the table is idle"
        assert [at for at, n in enumerate(self.table) if n == FAT_SECTOR] == sorted(listed[:fat_count])
        self.used = list(listed[:fat_count])
        self.used_minis: list[int] = []

        entries = self.chained(directory)
        self.entries = [Entry(*fields) for fields in struct.iter_unpack("<64sHBBIII16sIQQIQ", entries)]
        root = self.entries[0]
        assert (root.name, root.kind, root.colour, root.left, root.right) == ("Root Entry", ROOT, BLACK, FREE, FREE)
        self.minis = self.chained(root.start)
        assert len(self.minis) - root.size < 512
        assert root.size % 64 == 0
        numbers = self.chained(mini_table)
        assert len(numbers) == mini_count * 512
        self.mini_table = struct.unpack(f"<{len(numbers) // 4}I", numbers)
        assert all(n == FREE for n in self.mini_table[root.size // 64 :])

    def walk(self) -> Iterator[tuple[str, bytes]]:
        seen = {0}
        yield from self.below(self.entries[0], "", seen)
        assert all(entry == BLANK for number, entry in enumerate(self.entries) if number not in seen)
        assert sorted(self.used) == list(range(len(self.sectors))), "each sector belongs to one chain"
        assert sorted(self.used_minis) == list(range(self.entries[0].size // 64))

    def below(self, parent: Entry, folder: str, seen: set[int]) -> Iterator[tuple[str, bytes]]:
        numbers = list(self.in_order(parent.child))
        names = [self.entries[number].name for number in numbers]
        assert sorted(names, key=lambda name: (len(name), name.upper())) == names
        assert len({name.upper() for name in names}) == len(names)
        assert parent.child == NO_ENTRY or self.entries[parent.child].colour == BLACK
        self.black_height(parent.child)
        for number in numbers:
            assert number not in seen
            seen.add(number)
            entry = self.entries[number]
            assert entry[7:11] == (bytes(16), 0, 0, 0)
            if entry.kind == STORAGE:
                assert (entry.start, entry.size) == (0, 0)
                yield from self.below(entry, f"{folder}{entry.name}/", seen)
            else:
                assert (entry.kind, entry.child) == (STREAM, NO_ENTRY)
                yield folder + entry.name, self.content(entry)

    def content(self, entry: Entry) -> bytes:
        if entry.size >= 4096 or entry.size == 0:
            whole, unit = self.chained(entry.start), 512
        else:
            chain = list(follow(self.mini_table, entry.start))
            self.used_minis += chain
            whole, unit = b"".join(self.minis[n * 64 : n * 64 + 64] for n in chain), 64
        assert len(whole) == -(-entry.size // unit) * unit
        assert not any(whole[entry.size :])
        return whole[: entry.size]

    def chained(self, start: int) -> bytes:
        chain = list(follow(self.table, start))
        self.used += chain
        return b"".join(self.sectors[number] for number in chain)

    def in_order(self, number: int) -> Iterator[int]:
        if number != NO_ENTRY:
            yield from self.in_order(self.entries[number].left)
            yield number
            yield from self.in_order(self.entries[number].right)

    def black_height(self, number: int) -> int:
        """How many black entries stand on each way down, which is the same for all, with no red under red."""
        if number == NO_ENTRY:
            return 1
        entry = self.entries[number]
        children = [child for child in (entry.left, entry.right) if child != NO_ENTRY]
        assert entry.colour == BLACK or all(self.entries[child].colour == BLACK for child in children)
        left, right = self.black_height(entry.left), self.black_height(entry.right)
        assert left == right
        return left + entry.colour


def follow(table: Sequence[int], start: int) -> Iterator[int]:
    for _ in range(len(table) + 1):
        if start == END:
            return
        assert start < len(table)
        yield start
        start = table[start]
    raise AssertionError("a chain runs in a circle")
