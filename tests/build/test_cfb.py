"""The compound file, read back by a reader that asserts every rule, and by olefile."""

import io
import random

import pytest

from chorus_xl.build.cfb import Storage, compound_file
from tests.build.compound import streams
from tests.build.projects import olefile

COUNTS = [*range(40), 63, 64, 65, 99, 127, 128, 129, 255, 400]
SIZES = [1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_536]


@pytest.mark.parametrize("count", COUNTS)
def test_any_count_of_streams_reads_back(count: int) -> None:
    chance = random.Random(count)  # noqa: S311 - the same each time
    children = {f"{'Sheet' * (n % 3)}m{n}": chance.randbytes(chance.choice(SIZES) % 5000) for n in range(count)}
    tree: Storage = {"VBA": children, "PROJECT": b"x" * count}

    assert streams(compound_file(tree)) == {"PROJECT": b"x" * count, **{f"VBA/{n}": c for n, c in children.items()}}


@pytest.mark.parametrize("size", SIZES)
def test_a_stream_of_any_size_reads_back(size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    packed = compound_file({"one": content})

    assert streams(packed) == {"one": content}
    with olefile.OleFileIO(io.BytesIO(packed), raise_defects=olefile.DEFECT_UNSURE) as second_reader:
        assert second_reader.openstream("one").read() == content


def test_storages_nest() -> None:
    tree: Storage = {"a": {"b": {"c": b"deep"}, "B2": {}}, "c": b"flat"}

    assert streams(compound_file(tree)) == {"a/b/c": b"deep", "c": b"flat"}


def test_the_allocation_table_grows_with_the_file() -> None:
    content = bytes(2_000_000)

    assert streams(compound_file({"big": content})) == {"big": content}


@pytest.mark.parametrize(
    "tree",
    [
        {"": b"1"},
        {"n" * 32: b"1"},
        {"é": b"1"},
        {"name": b"1", "NAME": b"2"},
        {"inner": {"name": b"1", "NAME": b"2"}},
        {"huge": bytes(7_100_000)},
    ],
    ids=["no name", "long name", "accent", "case", "inner case", "huge"],
)
def test_what_the_writer_cannot_hold_is_refused(tree: Storage) -> None:
    with pytest.raises(ValueError, match=r"wanted|case|sectors"):
        compound_file(tree)
