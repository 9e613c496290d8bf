"""The procedure note tells what is done with the program: all of it, in order, and by whom."""

import re

import pytest

from chorus_xl.messages.procedure import NOTE
from chorus_xl.messages.words import COMMANDS


def section(number: int) -> str:
    """One section of the note, its lines joined."""
    _, _, rest = NOTE.partition(f"\n## {number}. ")
    return " ".join(rest.partition("\n## ")[0].split())


@pytest.mark.parametrize("button", COMMANDS.values())
def test_each_button_is_a_numbered_step(button: str) -> None:
    assert re.search(rf" \d+\. {button} :", section(4))


def test_steps_are_numbered_in_their_order() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", NOTE, re.MULTILINE)]

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > len(COMMANDS)


@pytest.mark.parametrize("status", ["suspendue", "rejetée", "à recycler", "refusée au dépôt"])
def test_what_is_done_about_each_thing_that_comes_back_is_told(status: str) -> None:
    assert f"- {status} :" in section(4)


def test_acting_is_told_to_be_outside_the_second_pair_of_eyes() -> None:
    _, _, second_look = section(4).partition("Second regard : ")

    assert "Agir n'en fait pas partie" in second_look
