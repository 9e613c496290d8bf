"""The compression of VBA source: [MS-OVBA] 2.4.1, writing only.

Rule 1: at each place the longest match is taken, of those the nearest, as the algorithm has it (2.4.1.3.19.4).
Rule 2: what it gives is a container of chunks; a chunk knows nothing of the one before.
"""

_CHUNK = 4096
_SIGNATURE = 0x01
_COMPRESSED = 0xB000  # chunk signature 0b011 and the flag of a compressed chunk: 2.4.1.1.5
_RAW = 0x3000
_SHORTEST_MATCH = 3


def compress(source: bytes) -> bytes:
    """The compressed container of ``source`` (2.4.1.3.6).

    Raises:
        ValueError: ``source`` ends in a part that compression makes longer. The format would store that part with zeros
            after it, so that a reader gets more than was written; no text of a program is like that.
    """
    chunks = (_chunk(source[start : start + _CHUNK]) for start in range(0, len(source), _CHUNK))
    return bytes([_SIGNATURE]) + b"".join(chunks)


def _chunk(source: bytes) -> bytes:
    """One chunk with its header (2.4.1.3.7, 2.4.1.3.10); the header holds the length of the whole less three."""
    tokens = _tokens(source)
    if len(tokens) <= _CHUNK:
        return (_COMPRESSED | len(tokens) - 1).to_bytes(2, "little") + tokens
    if len(source) < _CHUNK:
        raise ValueError("the end of this source cannot be compressed, and the format has no exact form for it")
    return (_RAW | _CHUNK - 1).to_bytes(2, "little") + source


def _tokens(source: bytes) -> bytes:
    """Groups of up to eight tokens, each after a byte whose bits tell the copies from the letters (2.4.1.3.8)."""
    out = bytearray()
    at = count = flags_at = 0
    while at < len(source):
        if count % 8 == 0:
            flags_at = len(out)
            out.append(0)
        start, length = _match(source, at)
        if length:
            out[flags_at] |= 1 << count % 8
            out += _copy_token(at, at - start, length)
            at += length
        else:
            out.append(source[at])
            at += 1
        count += 1
    return bytes(out)


def _offset_bits(at: int) -> int:
    """How many of a copy token's 16 bits hold its offset, which grows with the place in the chunk (2.4.1.3.19.1)."""
    return max((at - 1).bit_length(), 4)


def _match(source: bytes, at: int) -> tuple[int, int]:
    """Where the longest run that stands before ``at`` starts, and its length; 0 when none is worth a token."""
    longest = min((0xFFFF >> _offset_bits(at)) + _SHORTEST_MATCH, len(source) - at)
    found, length = 0, 0
    wanted = _SHORTEST_MATCH
    while wanted <= longest:
        # a match may run into what it is a match for, hence an end beyond ``at``
        start = source.rfind(source[at : at + wanted], 0, at + wanted - 1)
        if start < 0:
            break
        while wanted < longest and source[start + wanted] == source[at + wanted]:
            wanted += 1
        found, length = start, wanted
        wanted += 1
    return found, length


def _copy_token(at: int, offset: int, length: int) -> bytes:
    """A copy token (2.4.1.3.19.3)."""
    token = (offset - 1) << 16 - _offset_bits(at) | length - _SHORTEST_MATCH
    return token.to_bytes(2, "little")
