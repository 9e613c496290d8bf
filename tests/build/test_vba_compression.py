"""The compression of VBA source, against the examples of the specification and the decompressor of oletools."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_xl.build.compression import compress
from tests.build.projects import decompressed

# [MS-OVBA] 3.2.1 to 3.2.3; in the second, Excel took two farther matches of the same length.
EXAMPLES = {
    "no match": (
        b"abcdefghijklmnopqrstuv.",
        "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E",
    ),
    "one long match": (b"a" * 73, "01 03 B0 02 61 45 00"),
}
MATCHES = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
MATCHES_BY_EXCEL = (
    "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70 04 "
    "10 72 73 74 75 76 10 77 78 79 7A 00 3C"
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_specification_come_out_to_the_byte(example: str) -> None:
    source, expected = EXAMPLES[example]

    assert compress(source) == bytes.fromhex(expected)


def test_the_example_with_matches_comes_out_as_short() -> None:
    assert decompressed(compress(MATCHES)) == decompressed(bytes.fromhex(MATCHES_BY_EXCEL)) == MATCHES
    assert len(compress(MATCHES)) == len(bytes.fromhex(MATCHES_BY_EXCEL))


@given(st.lists(st.binary(min_size=1, max_size=20) | st.sampled_from([b"  Dim ", b"End Sub\r\n", b"a"]), max_size=30))
def test_any_source_comes_back(pieces: list[bytes]) -> None:
    source = b"".join(pieces)

    assert decompressed(compress(source)) == source


@given(st.integers(0, 2**32), st.integers(1, 20_000), st.integers(2, 12))
def test_sources_of_many_chunks_come_back(seed: int, length: int, letters: int) -> None:
    source = bytes(random.Random(seed).choices(range(65, 65 + letters), k=length))  # noqa: S311 - a test's letters

    assert decompressed(compress(source)) == source


@pytest.mark.parametrize("length", [4095, 4096, 4097, 8191, 8192, 8193])
def test_the_end_of_a_chunk_loses_nothing(length: int) -> None:
    source = (b"Attribute VB_Name = 1\r\n" * 400)[:length]

    assert decompressed(compress(source)) == source


def test_a_whole_chunk_without_matches_is_stored() -> None:
    noise = random.Random(1).randbytes(4096)  # noqa: S311 - a test's noise

    assert decompressed(compress(noise)) == noise


def test_an_end_that_would_gain_zeros_is_refused() -> None:
    with pytest.raises(ValueError, match="no exact form"):
        compress(random.Random(1).randbytes(4000))  # noqa: S311 - a test's noise
