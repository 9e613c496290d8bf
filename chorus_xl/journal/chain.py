"""The chain of hashes: each line vouches for itself and for all lines before it.

Rule 1: a line's hash is over the canonical JSON of all its other fields, the hash of the line before it among them.
Rule 2: the chain proves that nothing before an honestly kept head was changed, removed, inserted or moved. It cannot
        prove that nothing was cut off after it, nor that whoever holds the file did not rebuild it whole: for that,
        heads printed earlier are compared with it.
Rule 3: nothing here knows where lines are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chorus_xl.domain.canonical import canonical, text_hash

Line = Mapping[str, str | int]
"""One line of the journal, by column."""

GENESIS = ""
"""What stands for the hash before the first line."""


class Break(StrEnum):
    """How a chain can be found broken."""

    CHANGED = "changed"  # the line does not say what its hash vouches for
    GAP = "gap"  # lines are missing before it
    UNLINKED = "unlinked"  # it does not follow the line before it: removed, inserted or moved here
    HEAD_LOST = "head_lost"  # a head printed earlier is not in the chain: its end was cut off, or all was rebuilt


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """One broken place: the sequence number where it shows, and the hash found there or missed."""

    sequence: int
    kind: Break
    hash: str


def seal(line: Line) -> str:
    """The hash of a line, from all its fields but ``hash``."""
    return text_hash(canonical({name: value for name, value in line.items() if name != "hash"}))


def verify(lines: Iterable[Line], known_heads: Iterable[str] = ()) -> tuple[ChainProblem, ...]:
    """Every break of the chain, in order; empty when it holds.

    Args:
        lines: the whole journal in the order of ``sequence``.
        known_heads: hashes printed or sent away earlier, each of which must still be in the chain.
    """
    problems = []
    missing = dict.fromkeys(known_heads)
    missing.pop(GENESIS, None)
    sequence, previous = 0, GENESIS
    for line in lines:
        number, own = int(line["sequence"]), str(line["hash"])
        if number != sequence + 1:
            problems.append(ChainProblem(number, Break.GAP, own))
        if line["previous_hash"] != previous:
            problems.append(ChainProblem(number, Break.UNLINKED, own))
        if seal(line) != own:
            problems.append(ChainProblem(number, Break.CHANGED, own))
        missing.pop(own, None)
        sequence, previous = number, own
    problems += (ChainProblem(sequence + 1, Break.HEAD_LOST, head) for head in missing)
    return tuple(problems)
