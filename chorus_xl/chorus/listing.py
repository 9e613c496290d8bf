"""All pages of a search, or an error: nothing may be concluded from half a list.

Rule 1: pages are asked for until the platform's own count is reached, and its own number of pages; where it counts
        neither, until an empty page.
Rule 2: a page that brings nothing new before that, a row that cannot be read, a list that is no list: an error.
Rule 3: a row met twice is given once; it was pushed onto the next page by one that joined.
"""

from collections.abc import Hashable, Iterator
from http import HTTPStatus
from typing import TypeVar

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer
from chorus_xl.chorus.gateway import Gateway, is_success
from chorus_xl.chorus.trouble import error_of
from chorus_xl.errors import InDoubtError

MOST_PAGES = 10_000
"""A million rows: no supplier has as many, so whoever offers more is counting wrong."""

T = TypeVar("T")


def every_row(gateway: Gateway, listing: wire.Listing[T]) -> Iterator[T]:
    """Each row once, page by page, in the platform's order.

    Raises:
        SetupError, PlatformError: as ``Gateway.ask``; ``InDoubtError`` also when the list turns out incomplete.
    """
    seen: set[Hashable] = set()
    position = wire.Position(None, None)
    for page in range(1, MOST_PAGES + 1):
        answer = gateway.ask(listing.operation, listing.request(page), _is_list)
        found = _read(answer, listing)
        position = _latest(listing.position(listing.part_of(answer.members)), position)
        fresh = {listing.identity(row): row for row in found if listing.identity(row) not in seen}
        yield from fresh.values()
        seen.update(fresh)
        if _is_complete(position, page, len(seen), page_is_empty=not found):
            return
        if not fresh:
            break
    total = "?" if position.total is None else str(position.total)
    raise InDoubtError("CX425", operation=listing.operation, received=str(len(seen)), total=total)


def _is_list(answer: Answer) -> bool:
    is_refusal = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR  # refusals come with 200 and with 400
    return is_success(answer) or (is_refusal and wire.found_nothing(answer.members))


def _read(answer: Answer, listing: wire.Listing[T]) -> list[T]:
    rows = wire.rows(listing.part_of(answer.members), listing.key)
    read = [listing.read(row) for row in rows or ()]
    legible = [row for row in read if row is not None]
    if rows is None or len(legible) < len(rows):
        raise error_of(answer, listing.operation)
    return legible


def _latest(said: wire.Position, before: wire.Position) -> wire.Position:
    """Counts as last said; a page that does not count takes back nothing."""
    return wire.Position(
        before.pages if said.pages is None else said.pages, before.total if said.total is None else said.total
    )


def _is_complete(position: wire.Position, page: int, received: int, *, page_is_empty: bool) -> bool:
    if position.total is None and position.pages is None:
        return page_is_empty
    return (position.total is None or received >= position.total) and (position.pages is None or page >= position.pages)
