"""Readers of a VBA project: oletools', and one of our own for what oletools passes over."""

import importlib
import struct
import warnings
from collections.abc import Iterator
from types import ModuleType

olefile: ModuleType = importlib.import_module("olefile")
"""The reader of compound files that oletools stands on; it has no types."""


def olevba() -> ModuleType:
    """oletools, which still speaks to its parser by names that pyparsing warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("oletools.olevba")


def decompressed(container: bytes) -> bytes:
    return bytes(olevba().decompress_stream(bytearray(container)))


def records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a decompressed ``dir`` stream; the version's is the one whose length is not its length."""
    at = 0
    while at < len(directory):
        identity, length = struct.unpack_from("<HI", directory, at)
        length += 2 * (identity == 0x09)
        content = directory[at + 6 : at + 6 + length]
        assert len(content) == length
        yield identity, content
        at += 6 + length


def unmasked(digits: str, key: int) -> bytes:
    """What a masked field of the ``PROJECT`` stream holds ([MS-OVBA] 2.4.3.3)."""
    masked = bytes.fromhex(digits)
    seed = masked[0]
    assert masked[1] ^ seed == 2
    assert masked[2] ^ seed == key
    plain, before = [], key
    for two_back, byte in zip(masked[1:], masked[3:], strict=False):
        before = byte ^ (two_back + before & 0xFF)
        plain.append(before)
    body = bytes(plain[(seed & 6) // 2 :])
    assert struct.unpack("<I", body[:4])[0] == len(body) - 4
    return body[4:]
