"""A secret is shown by ``reveal`` and by nothing else."""

import copy
import json
import pickle
from collections.abc import Callable

import pytest

from chorus_xl.secret import Secret

SHOWN: dict[str, Callable[[Secret], object]] = {
    "repr": repr,
    "str": str,
    "format": lambda secret: f"{secret}",
    "format with a width": lambda secret: f"{secret:>30}",
    "percent": lambda secret: "%s" % secret,  # noqa: UP031 - this way of printing is on trial too
    "in a list": lambda secret: str([secret]),
}

REFUSED: dict[str, Callable[[Secret], object]] = {
    "bytes": bytes,  # type: ignore[dict-item]  # refused by type as well
    "join": lambda secret: str.join("", [secret]),  # type: ignore[list-item]
    "slice": lambda secret: secret[:],  # type: ignore[index]
    "json": json.dumps,
    "pickle": pickle.dumps,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "attributes": vars,
}


def test_reveal_gives_the_secret() -> None:
    assert Secret("s3cret").reveal() == "s3cret"


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_printing_shows_no_secret(show: Callable[[Secret], object]) -> None:
    shown = str(show(Secret("s3cret")))

    assert "Secret(***)" in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize("take", REFUSED.values(), ids=REFUSED)
def test_taking_it_apart_is_refused_without_showing_it(take: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as raised:
        take(Secret("s3cret"))

    assert "s3cret" not in str(raised.value)
