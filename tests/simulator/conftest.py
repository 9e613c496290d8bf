from collections.abc import Iterator

import pytest

from chorus_xl.simulator import Server
from tests.simulator.caller import Caller, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[Server]:
    with Server(now=clock) as running:
        yield running


@pytest.fixture
def caller(server: Server) -> Iterator[Caller]:
    with Caller(server) as made:
        yield made
