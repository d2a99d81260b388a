"""What can be asked for of stories, and the words in which a story explains itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch import taxonomy
from otswatch.errors import UsageError
from otswatch.records import Difference
from otswatch.stories.search import MATTERS, StoryRequest
from otswatch.stories.wording import Labels, because, listed
from tests import retelling

NEWSROOM = retelling.newsroom()
STORIES = {story.id: story for story in NEWSROOM.stories}
SUMMIT = STORIES[NEWSROOM.ids["summit"]]

_values = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), max_size=3, unique=True)


@given(
    st.fixed_dictionaries(
        {
            "q": st.text(st.characters(codec="utf-8"), max_size=12),
            "area": _values,
            "source": _values,
            "language": _values,
            "country": _values,
            "differs": st.lists(st.sampled_from(MATTERS), unique=True),
            "at_least": st.integers(1, 200),
            "since": st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
            "undated": st.booleans(),
            "exact": st.booleans(),
        }
    )
)
def test_a_link_holds_all_of_a_search(given: dict[str, Any]) -> None:
    request = StoryRequest.of(**given)
    assert StoryRequest.from_query_string(request.to_query_string()) == request


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"differs": ["colour"]}, "differs: one of place, day, figure is expected, not 'colour'"),
        ({"at_least": 0}, "at_least: should be greater than or equal to 1"),
        ({"at_least": 201}, "at_least: should be less than or equal to 200"),
        ({"since": "soon"}, "since: a day such as 2026-03-01"),
        ({"state": ["tr"]}, "no parameter is called 'state'; there are: q, exact, area"),
    ],
)
def test_what_cannot_be_read_is_said(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        StoryRequest.of(**given)
    assert message in str(refused.value)


def test_every_membership_has_its_reason_in_words() -> None:
    assert [(each.article, because(each), each.like) for each in SUMMIT.members] == [
        ("tr", "began the story", None),
        ("az", "tells in another language the same as", "tr"),
        ("kz", "tells the same as", "copy"),
        ("official", "tells in another language the same as", "tr"),
        ("copy", "is a copy of", "official"),
        ("late", "tells the same as", "tr"),
    ]


def test_a_person_and_an_unknown_rule_are_named_as_they_are() -> None:
    hostile = STORIES[NEWSROOM.ids["hostile"]]
    assert [because(each) for each in hostile.members] == [
        "began the story",
        f"new-rule{retelling.SCRIPT}/1:",
        f"put here by {retelling.SCRIPT}",
        "is a copy of",
    ]


def test_a_story_of_more_articles_than_it_lists_knows_the_first_and_the_official_one() -> None:
    many = STORIES[NEWSROOM.ids["many"]]
    assert (many.articles, len(many.members)) == (retelling.MANY, 200)
    assert listed(many, many.official) == many.members[-1]
    assert listed(many, "m199") is None
    assert listed(many, many.first) == many.members[0]
    assert listed(many, None) is None


@pytest.mark.parametrize(
    ("of", "what", "value", "matter", "shown"),
    [
        ("place", "", "bishkek", "Place", "Bishkek"),
        ("place", "", "Cholpon-Ata resort", "Place", "Cholpon-Ata resort"),
        ("day", "", "2026-05-04", "Day", "4 May 2026"),
        ("day", "", "2026-05-04/2026-05-06", "Day", "2026-05-04/2026-05-06"),
        ("figure", "million tonnes", "4.58", "Figure: million tonnes", "4.58 million tonnes"),
        ("figure", "", "120", "Figure", "120"),
    ],
)
def test_values_in_which_reports_differ_are_named(of: Any, what: str, value: str, matter: str, shown: str) -> None:
    labels = Labels(taxonomy.load())
    difference = Difference(of=of, what=what, values=())
    assert (labels.matter(difference), labels.value(difference, value)) == (matter, shown)
