"""Quotes in nine languages: orders of speech, endings of names, what stands for a name, and what is no quote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.test_quotes import said

CASES = yaml.safe_load(Path(__file__).with_name("quotes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['language']}-{index}" for index, case in enumerate(CASES)])
def test_who_said_what(case: dict[str, Any]) -> None:
    found = [
        [quote.speaker.name if quote.speaker else None, "direct" if quote.direct else "reported", quote.text]
        for quote in said(case["text"], case["language"])
    ]
    assert found == case["said"]
