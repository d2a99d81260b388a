"""Tokens in the links of letters: read by who holds them, made by nobody else."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from otswatch.errors import UsageError
from otswatch.state.sqlite import SqliteState
from otswatch.subscriptions.tokens import Purpose, TokenError, Tokens
from tests.memory import MemoryState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOKENS = Tokens(MemoryState())
PURPOSES: tuple[Purpose, ...] = ("confirm", "unsubscribe")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@given(st.sampled_from(PURPOSES), st.text(max_size=64), st.text(max_size=200))
@example("unsubscribe", "energy", "ayşe@örnek.example")
def test_what_is_put_in_comes_out_and_fits_into_an_address(purpose: Purpose, subscription: str, address: str):
    token = TOKENS.make(purpose, subscription, address, NOW)
    assert TOKENS.read(token, purpose, NOW) == (subscription, address)
    assert quote(token, safe="") == token


@given(st.data(), st.sampled_from(PURPOSES))
def test_a_token_that_was_changed_is_refused(data: st.DataObject, purpose: Purpose):
    token = TOKENS.make(purpose, "energy", "ayse@example.org", NOW)
    place = data.draw(st.integers(0, len(token)))
    cut = data.draw(st.integers(0, 3))
    put = data.draw(st.text(st.sampled_from(_BASE64), max_size=3))
    changed = token[:place] + put + token[place + cut :]
    assume(changed != token)
    with pytest.raises(TokenError):
        TOKENS.read(changed, purpose, NOW)


@given(st.text(max_size=300))
@example("")
@example(".")
@example("W10.")
@example("\ud800.\ud800")
@example("a" * 5000)
def test_nothing_that_was_not_made_here_is_a_token(text: str):
    with pytest.raises(UsageError):
        TOKENS.read(text, "unsubscribe")


def test_every_character_of_a_token_counts():
    """Also the last one of each half, whose spare bits base64 throws away, and characters that it skips."""
    token = TOKENS.make("unsubscribe", "energy", "ayse@example.org")
    for place in range(len(token)):
        for other in (*_BASE64, "=", "\n"):
            if other != token[place]:
                with pytest.raises(TokenError):
                    TOKENS.read(token[:place] + other + token[place + 1 :], "unsubscribe")
    for padded in (f"{token}=", f"{token}\n", f" {token}"):
        with pytest.raises(TokenError):
            TOKENS.read(padded, "unsubscribe")


def test_a_token_is_for_one_purpose():
    for purpose, other in (PURPOSES, PURPOSES[::-1]):
        with pytest.raises(TokenError, match="not whole"):
            TOKENS.read(TOKENS.make(purpose, "energy", "ayse@example.org"), other)


def test_who_may_confirm_has_seven_days_and_who_may_end_it_has_for_ever():
    confirm, end = (TOKENS.make(purpose, "energy", "a@example.org", NOW) for purpose in PURPOSES)
    week = timedelta(days=7)
    assert TOKENS.read(confirm, "confirm", NOW + week) == ("energy", "a@example.org")
    with pytest.raises(TokenError, match="too old: ask for the subscription again"):
        TOKENS.read(confirm, "confirm", NOW + week + timedelta(seconds=1))
    assert TOKENS.read(end, "unsubscribe", NOW + 1000 * week) == ("energy", "a@example.org")


def test_another_installation_has_another_secret():
    with pytest.raises(TokenError):
        Tokens(MemoryState()).read(TOKENS.make("unsubscribe", "energy", "a@example.org"), "unsubscribe")


def test_the_secret_has_32_bytes_and_is_made_once_however_many_ask_at_the_same_time(tmp_path: Path):
    state = SqliteState(tmp_path / "state.sqlite")

    def one(number: int) -> str:
        return Tokens(state).make("unsubscribe", "energy", f"{number}@example.org")

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(one, range(16)))
    read = [Tokens(state).read(token, "unsubscribe") for token in made]
    assert read == [("energy", f"{number}@example.org") for number in range(16)]
    [secret] = state.scan("subscriptions/")
    assert re.fullmatch(r"[\w-]{43}", secret.value)
    state.close()


def test_a_token_does_not_carry_the_secret_and_says_whom_it_is_for():
    state = MemoryState()
    token = Tokens(state).make("unsubscribe", "energy", "a@example.org")
    entry = state.get("subscriptions/secret")
    assert entry is not None
    assert entry.value not in token
    assert len(token.partition(".")[2]) == 43  # 32 bytes
