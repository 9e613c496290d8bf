"""A formula's text as something that can be worked out.

Rule 1: ``&``, ``+``, ``-``, ``*`` and comparisons, with Excel's precedence; texts, whole and decimal numbers, lists of
        constants; a column of a table, a cell, a range, a defined name; the functions of ``functions``. Nothing else.
Rule 2: formulas of one shape are parsed once: sixteen lines of budgets are one.
Rule 3: none of ours nests as deep as 32 levels.
"""

import operator
import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from inspect import signature
from typing import NamedTuple, Protocol

import numpy as np

from chorus_xl.reckoning.area import Area
from chorus_xl.reckoning.functions import DATED, EAGER, KNOWN, LAZY, Value, one
from chorus_xl.reckoning.shape import Place, shape_of, tokens_of
from chorus_xl.reckoning.values import Scalar, UnknownValueError, added, compared, number, text

MAX_DEPTH = 32

_ORDERS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


class Book(Protocol):
    """What a formula asks of the workbook around it."""

    date1904: bool

    def at(self, sheet: str, place: Place) -> Scalar | Area:
        """A cell's value, or a range's cells, as a formula on that sheet names them."""
        ...

    def column(self, table: str, header: str) -> Area:
        """A column of a table."""
        ...

    def named(self, name: str) -> Value:
        """What a defined name comes to."""
        ...


class Frame(NamedTuple):
    """One working out: the workbook, the formula's sheet, and the cells that it names, in order."""

    book: Book
    sheet: str
    places: tuple[Place, ...]


Node = Callable[[Frame], Value]


class Formula(NamedTuple):
    """A formula ready to be worked out."""

    node: Node
    places: tuple[Place, ...]


def parsed(formula: str) -> Formula:
    """The formula, without its ``=``.

    Raises:
        UnknownValueError: something in it is outside the set.
    """
    shape, places = shape_of(formula)
    return Formula(_shaped(shape), places)


@lru_cache(maxsize=1024)
def _shaped(shape: str) -> Node:
    tokens = tokens_of(shape)
    parser = _Parser(tokens)
    node = parser.comparison(0)
    if parser.at != len(tokens):
        raise UnknownValueError
    return node


class _Parser:
    def __init__(self, tokens: tuple[tuple[str, str], ...]) -> None:
        self.tokens = tokens
        self.at = 0

    def comparison(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise UnknownValueError
        return self._chain(depth, tuple(_ORDERS), self._joined, _compare)

    def _joined(self, depth: int) -> Node:
        return self._chain(depth, ("&",), self._added, _join)

    def _added(self, depth: int) -> Node:
        return self._chain(depth, ("+", "-"), self._multiplied, _add)

    def _multiplied(self, depth: int) -> Node:
        return self._chain(depth, ("*",), self._signed, _multiply)

    def _chain(
        self, depth: int, signs: tuple[str, ...], part: Callable[[int], Node], make: Callable[[str, Node, Node], Node]
    ) -> Node:
        node = part(depth)
        while (sign := self._sign(*signs)) is not None:
            node = make(sign, node, part(depth))
        return node

    def _signed(self, depth: int) -> Node:
        if self._sign("-") is None:
            return self._single(depth)
        return partial(_negative, self._single(depth))

    def _single(self, depth: int) -> Node:
        kind, word = self._next()
        match kind:
            case "text" | "number":
                return _constant(_text(word) if kind == "text" else float(word))
            case "cell":
                return partial(_at, int(word))
            case "column":
                table, _, header = word[:-1].partition("[")
                return partial(_column, table, re.sub(r"'(.)", r"\1", header))
            case "name":
                return partial(_named, word)
            case "function":
                return self._call(word[:-1], depth)
            case _:
                return self._bracketed(word, depth)

    def _bracketed(self, word: str, depth: int) -> Node:
        if word == "(":
            node = self.comparison(depth + 1)
            self._expect(")")
            return node
        if word == "{":
            return self._list()
        raise UnknownValueError

    def _call(self, name: str, depth: int) -> Node:
        arguments = []
        if self._sign(")") is None:
            arguments.append(self.comparison(depth + 1))
            while self._sign(",") is not None:
                arguments.append(self.comparison(depth + 1))
            self._expect(")")
        if name not in KNOWN or not _takes(name, len(arguments)):
            raise UnknownValueError
        if name in LAZY:
            return partial(_call_later, LAZY[name], tuple(arguments))
        if name in EAGER:
            return partial(_call, EAGER[name], tuple(arguments))
        return partial(_call_dated, DATED[name], tuple(arguments))

    def _list(self) -> Node:
        constants: list[Scalar] = []
        while True:
            kind, word = self._next()
            if kind != "text":
                raise UnknownValueError
            constants.append(_text(word))
            if self._sign(",") is None:
                self._expect("}")
                return _constant(tuple(constants))

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise UnknownValueError
        self.at += 1
        return self.tokens[self.at - 1]

    def _sign(self, *signs: str) -> str | None:
        if self.at < len(self.tokens):
            kind, word = self.tokens[self.at]
            if kind == "sign" and word in signs:
                self.at += 1
                return word
        return None

    def _expect(self, sign: str) -> None:
        if self._sign(sign) is None:
            raise UnknownValueError


def _text(word: str) -> str:
    return word[1:-1].replace('""', '"')


def _constant(value: Value) -> Node:
    return lambda _: value


def _at(index: int, frame: Frame) -> Value:
    return frame.book.at(frame.sheet, frame.places[index])


def _column(table: str, header: str, frame: Frame) -> Value:
    return frame.book.column(table, header)


def _named(name: str, frame: Frame) -> Value:
    return frame.book.named(name)


def _negative(node: Node, frame: Frame) -> Value:
    return -number(one(node(frame)))


def _compare(sign: str, left: Node, right: Node) -> Node:
    judge = _ORDERS[sign]
    return lambda frame: judge(compared(one(left(frame)), one(right(frame))))


def _join(_: str, left: Node, right: Node) -> Node:
    return lambda frame: text(one(left(frame))) + text(one(right(frame)))


def _add(sign: str, left: Node, right: Node) -> Node:
    factor = -1.0 if sign == "-" else 1.0
    return lambda frame: _of_both(
        left(frame), right(frame), lambda a, b: a + factor * b, lambda a, b: added(a, factor * b)
    )


def _multiply(_: str, left: Node, right: Node) -> Node:
    return lambda frame: _of_both(left(frame), right(frame), operator.mul, operator.mul)


def _of_both(left: Value, right: Value, each: Callable[..., Value], single: Callable[[float, float], Value]) -> Value:
    """Number by number where one side has many, else once."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        sides = [side if isinstance(side, np.ndarray) else number(one(side)) for side in (left, right)]
        if len({len(side) for side in sides if isinstance(side, np.ndarray)}) > 1:
            raise UnknownValueError
        return each(*sides)
    return single(number(one(left)), number(one(right)))


def _call_later(function: Callable[..., Value], arguments: tuple[Node, ...], frame: Frame) -> Value:
    return function(*[partial(argument, frame) for argument in arguments])


def _call(function: Callable[..., Value], arguments: tuple[Node, ...], frame: Frame) -> Value:
    return function(*[argument(frame) for argument in arguments])


def _call_dated(function: Callable[..., Value], arguments: tuple[Node, ...], frame: Frame) -> Value:
    return function(*[argument(frame) for argument in arguments], date1904=frame.book.date1904)


@cache
def _takes(name: str, count: int) -> bool:
    """Whether the function can be given so many arguments."""
    function = LAZY.get(name) or EAGER.get(name) or DATED[name]
    named = {"date1904": False} if name in DATED else {}
    try:
        signature(function).bind(*range(count), **named)
    except TypeError:
        return False
    return True
