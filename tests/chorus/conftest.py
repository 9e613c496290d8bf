"""A stand-in of PISTE and a client connected to it."""

from collections.abc import Iterator

import pytest

from chorus_xl.chorus.client import ChorusClient
from tests.chorus.app import Piste


@pytest.fixture
def piste() -> Piste:
    return Piste()


@pytest.fixture
def client(piste: Piste) -> Iterator[ChorusClient]:
    with piste.client() as client:
        yield client
