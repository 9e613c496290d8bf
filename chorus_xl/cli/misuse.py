"""A command line that cannot be understood, in the clerk's words; and the help that it sends to.

Rule 1: typer's own error is read by its type and its members, and by its words only where it has no type; whatever is
        not known here still gets a sentence, with the raw words in it.
Rule 2: typer has carried click under two names: the type of all such errors is found from the one that it exports.
Rule 3: nothing here waits for rich: only a help page does.
"""

import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from chorus_xl.errors import UsageError

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for every command line that it cannot read."""

_NO_COMMAND = re.compile(r"No such command '(.*?)'")
_TOO_MANY = re.compile(r"unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", re.DOTALL)
_VALUE_ERROR = "Value error, "


def shows_help(error: Exception) -> bool:
    """Whether a group was named without a command: its help is the answer."""
    return type(error).__name__ == "NoArgsIsHelpError"


def in_words(error: Any) -> UsageError:  # noqa: ANN401 - click's or typer's own copy of it
    """What is wrong, as an error of ours."""
    context = getattr(error, "ctx", None)
    command = str(context.command_path) if context is not None else "chorus-xl"
    raw = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    message = str(getattr(error, "message", "") or raw)
    kind = type(error).__name__
    if missing := _missing(error, kind, message):
        return UsageError("CX544", missing=missing, command=command)
    if kind == "NoSuchOption":
        return _unknown("option", error.option_name, error.possibilities or (), command)
    if found := _NO_COMMAND.search(message):
        there = getattr(getattr(context, "command", None), "commands", ())
        return _unknown("command", found[1], get_close_matches(found[1], list(there)), command)
    if found := _TOO_MANY.search(message):
        return UsageError("CX546", command=command, value=found[1])
    if isinstance(error, typer.BadParameter):
        name, detail = _name(error, with_value=False), f"{_given(error)}{_expected(message)}"
        return UsageError("CX547", name=name, detail=detail, command=command)
    return UsageError("CX549", command=command, detail=raw.rstrip("."))


def _missing(error: Any, kind: str, message: str) -> str:  # noqa: ANN401 - as above
    """What was not given; ``""`` when nothing is missing."""
    if kind == "MissingParameter":
        return _name(error, with_value=True)
    if kind == "BadOptionUsage" and "requires" in message:
        from chorus_xl.messages.misuse import VALUE_OF  # noqa: PLC0415 - only when it happens

        return VALUE_OF.format(name=error.option_name)
    return ""


def _given(error: Any) -> str:  # noqa: ANN401 - as above
    """The value as it was typed, which the error itself does not always keep; ``""`` where it is not an option's."""
    names = getattr(getattr(error, "param", None), "opts", ())
    for word, after in zip_longest(sys.argv[1:], sys.argv[2:]):
        name, _, value = word.partition("=")
        if name in names and (value or after):
            return f"« {value or after} », "
    return ""


def _expected(message: str) -> str:
    """What a value should have been."""
    from chorus_xl.messages.misuse import EXPECTED  # noqa: PLC0415 - only when it happens

    raw = message.removeprefix(_VALUE_ERROR).rstrip(".")
    for pattern, words in EXPECTED:
        if found := re.search(pattern, raw):
            return words.format_map(found.groupdict())
    return f"« {raw} »"


def _unknown(kind: str, value: str, near: Iterable[str], command: str) -> UsageError:
    from chorus_xl.messages.misuse import KINDS, NEAR  # noqa: PLC0415 - only when it happens

    names = ", ".join(sorted(near))
    told = NEAR.format(names=names) if names else ""
    return UsageError("CX545", kind=KINDS[kind], value=value, near=told, command=command)


def _name(error: Any, *, with_value: bool) -> str:  # noqa: ANN401 - as above
    """The argument or the option that it is about, as a person types it."""
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", None) or "?")
    if param.param_type_name == "argument":
        return f"« {param.metavar or str(param.name).upper()} »"
    value = f" {param.metavar}" if with_value and param.metavar else ""
    return f"« {param.opts[0]}{value} »"


class Command(TyperCommand):
    """A command whose help page is French around its words too, and whose errors say which command they are about."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Read the words of the command line."""
        try:
            parsed: list[str] = super().parse_args(ctx, args)
        except USAGE_ERROR as error:
            error.ctx = getattr(error, "ctx", None) or ctx  # type: ignore[attr-defined]  # typer leaves it out of some
            raise
        return parsed

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the page."""
        _speak_french()
        super().format_help(ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """The option that asks for it."""
        return _explained(super().get_help_option(ctx))


class Group(TyperGroup):
    """The same for commands under one name."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the page."""
        _speak_french()
        super().format_help(ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """The option that asks for it."""
        return _explained(super().get_help_option(ctx))


def speak_french_in(app: typer.Typer) -> None:
    """Let every command and group of an application show such pages."""
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            group.typer_instance.info.cls = Group
            speak_french_in(group.typer_instance)


def _explained(option: Any) -> Any:  # noqa: ANN401 - as above
    if option is not None:
        from chorus_xl.messages.misuse import SHOW_HELP  # noqa: PLC0415 - only when it happens

        option.help = SHOW_HELP
    return option


def _speak_french() -> None:
    from typer import rich_utils  # noqa: PLC0415 - see rule 3

    from chorus_xl.messages.misuse import HEADINGS  # noqa: PLC0415

    for name, words in HEADINGS.items():
        if hasattr(rich_utils, name):
            setattr(rich_utils, name, words)
