"""The catalogue is whole: every code that the program names has its sentence, and every sentence is finished."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import chorus_xl
from chorus_xl import messages
from chorus_xl.messages.counted import counted
from chorus_xl.messages.message import Message
from chorus_xl.messages.words import COUNTS

SOURCE = Path(chorus_xl.__file__).parent
ROOMS = [import_module(f"chorus_xl.messages.{name}") for name in messages.ROOMS]
ALL: list[Message] = [message for room in ROOMS for message in room.MESSAGES]
FAMILIES = {"CX1", "CX2", "CX3", "CX4", "CX5", "CX6", "CX9"}


def named_in_code() -> set[str]:
    return {
        code
        for path in SOURCE.rglob("*.py")
        if "messages" not in path.parts
        for code in re.findall(r'"(CX\d{3})"', path.read_text(encoding="utf-8"))
    }


def test_no_code_stands_for_two_sentences() -> None:
    codes = [message.code for message in ALL]

    assert sorted(set(codes)) == sorted(codes)


def test_every_code_that_the_program_names_has_its_sentence() -> None:
    assert named_in_code() - {message.code for message in ALL} == set()


def test_every_module_with_sentences_is_a_room() -> None:
    holders = {
        module.name
        for module in iter_modules(messages.__path__)
        if hasattr(import_module(f"chorus_xl.messages.{module.name}"), "MESSAGES")
    }

    assert holders == set(messages.ROOMS)


def test_every_sentence_is_said_somewhere() -> None:
    assert {message.code for message in ALL} - named_in_code() == set()


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.code)
def test_a_message_is_finished(message: Message) -> None:
    assert re.fullmatch(r"CX\d{3}", message.code)
    assert message.code[:3] in FAMILIES
    assert not message.what.endswith(".")
    assert message.gesture.endswith(".")
    assert "!" not in message.what + message.gesture + message.why
    assert not re.search(r"\bl'administrateur\b|erreur inconnue", message.what + message.gesture)


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.code)
def test_a_sentence_takes_in_all_its_values(message: Message) -> None:
    wanted = messages.fields(message.what) | messages.fields(message.gesture)

    said = messages.sentence(message.code, {name: f"<{name}>" for name in wanted}, "« Colonne »")

    assert all(f"<{name}>" in said for name in wanted)
    assert said.endswith(f"[{message.code}]")
    assert not re.search(r"[{}]|%s", said)


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.code)
def test_no_sentence_leaves_a_plural_open(message: Message) -> None:
    assert not re.search(r"\w\((?:s|x|es|nt)\)", message.what + message.gesture + message.why)


COUNTED: list[tuple[str, str, str, str]] = [
    ("CX657", "count", "1 facture n'a jamais été présentée", "2 factures n'ont jamais été présentées"),
    ("CX662", "count", "le fichier nommé par SHA256SUMS est là", "les 2 fichiers nommés par SHA256SUMS sont là"),
    ("CX685", "count", "n'est pas celui de la facture à libérer", "n'est pas celui des 2 factures à libérer"),
    ("CX550", "days", "(encore 1 jour)", "(encore 2 jours)"),
]


@pytest.mark.parametrize(("code", "name", "one", "several"), COUNTED, ids=[row[0] for row in COUNTED])
def test_a_counted_word_agrees_with_its_count(code: str, name: str, one: str, several: str) -> None:
    values = dict.fromkeys(messages.fields(messages.catalogue()[code].what), "x")

    assert one in messages.sentence(code, values | {name: "1"})
    assert several in messages.sentence(code, values | {name: "2"})


@pytest.mark.parametrize("name", COUNTS)
def test_what_a_report_counts_is_said_in_the_singular_too(name: str) -> None:
    one, _, several = COUNTS[name].partition("|")

    assert one
    assert several
    assert (counted(1, COUNTS[name]), counted(2, COUNTS[name])) == (f"1 {one}", f"2 {several}")


def test_every_rule_of_the_state_names_its_source() -> None:
    silent = {message.code for message in ALL if message.code.startswith("CX2") and not message.source}

    assert silent == set()
