"""Equal data, equal text, equal hash."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_xl.domain.canonical import canonical, content_hash, parse, text_hash

CONTENTS = st.dictionaries(st.text(), st.text())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": "2", "a": "1"}, '{"a":"1","b":"2"}'),
        ({"n": 12}, '{"n":12}'),
        ({"é": "« 1\u202f234,56 »"}, '{"é":"« 1\u202f234,56 »"}'),
        ({"a": 'l\'"eau"\n\\\t\x00'}, r'{"a":"l' + "'" + r'\"eau\"\n\\\t\u0000"}'),
        ({"a": "\udc80"}, r'{"a":"\udc80"}'),
    ],
    ids=["empty", "sorted", "integer", "french", "escapes", "lone_surrogate"],
)
def test_canonical_text(value: dict[str, str | int], text: str) -> None:
    assert canonical(value) == text
    assert parse(text) == value


@given(CONTENTS)
def test_the_text_is_stable_and_gives_the_content_back(content: dict[str, str]) -> None:
    text = canonical(content)

    assert parse(text) == content
    assert canonical(parse(text)) == text


@given(CONTENTS)
def test_the_order_of_the_members_does_not_matter(content: dict[str, str]) -> None:
    assert canonical(dict(reversed(content.items()))) == canonical(content)


@given(CONTENTS)
def test_python_s_own_reader_agrees(content: dict[str, str]) -> None:
    assert json.loads(canonical(content).encode()) == content


@given(CONTENTS, CONTENTS)
def test_hashes_are_equal_exactly_when_contents_are(one: dict[str, str], other: dict[str, str]) -> None:
    assert (content_hash(one) == content_hash(other)) is (one == other)


def test_the_hash_is_the_sha256_of_the_utf_8_text() -> None:
    assert text_hash("é") == sha256(b"\xc3\xa9").hexdigest()
    assert content_hash({"a": "é"}) == sha256(b'{"a":"\xc3\xa9"}').hexdigest()


@pytest.mark.parametrize("text", ["", "[]", '"a"', "{", "null"])
def test_what_is_no_mapping_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)
