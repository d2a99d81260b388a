"""Text of the web as plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.chain import extract_given
from otswatch.text.plain import CONTROL, plain, repaired


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OTS\x92s summit\x85", "OTS’s summit…"),  # windows-1252 that was called something else
        ("a\x81b\x00c\ud800d", "a b c d"),  # no letter in any of them
        (" a\n\u00a0b ", "a b"),
    ],
)
def test_one_line_of_what_was_meant(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_repaired_page_has_nothing_in_place_of_what_is_no_letter() -> None:
    assert repaired("<p>a\x00b\x92\n</p>") == "<p>ab’\n</p>"


def test_a_reference_to_a_c1_letter_is_read_as_browsers_do() -> None:
    words = "The OTS&#146;s ministers agreed on &#147;one permit&#148; for lorries in all of its member states. " * 4
    article = extract_given(html=f"<html><body><article><h1>Permit</h1><p>{words}</p></article></body></html>")
    assert article.content is not None
    assert article.content.text.startswith("The OTS’s ministers agreed on “one permit” for lorries")


@given(st.text())
def test_plain_twice_is_plain_once_and_has_no_control_characters(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not CONTROL.search(once)
    assert unicodedata.is_normalized("NFC", once)
