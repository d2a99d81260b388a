"""What readers are told of a story: why an article is in it, and what its reports differ in."""

from __future__ import annotations

from datetime import date
from typing import Final

from otswatch.records import Difference, Story, StoryMember
from otswatch.stories.groups import ALONE, HUMAN, MERGED
from otswatch.taxonomy import Taxonomy

#: What a rule says of an article and the one that it is like.
_RULES: Final = {
    ALONE.partition("/")[0]: "began the story",
    MERGED.partition("/")[0]: "began a story of its own, until this joined the two:",
    "exact": "is a copy of",
    "syndicated": "is a copy of",
    "retold": "tells the same as",
    "translated": "tells in another language the same as",
}


def because(member: StoryMember) -> str:
    """Why an article is in its story, up to the article that it is like: `is a copy of`, `put here by Ayşe`.

    A rule that nobody has put into words stands for itself.
    """
    if member.reason.startswith(HUMAN):
        return f"put here by {member.reason.removeprefix(HUMAN)}"
    return _RULES.get(member.reason.partition("/")[0], f"{member.reason}:")


def listed(story: Story, article: str | None) -> StoryMember | None:
    """An article of a story; null where it is not among those that the story lists."""
    return next((each for each in story.members if each.article == article), None)


class Labels:
    """What reports differ in, in English."""

    def __init__(self, known: Taxonomy) -> None:
        self._known = known

    def matter(self, difference: Difference) -> str:
        """`Place`, `Day`, `Figure: million tonnes`"""
        return ": ".join(filter(None, (difference.of.capitalize(), difference.what)))

    def value(self, difference: Difference, value: str) -> str:
        """`Bishkek`, `14 May 2026`, `4.58 million tonnes`; what is no such value stands for itself."""
        match difference.of:
            case "place":
                place = self._known.places.get(value)
                return place.names[0].rstrip("*~") if place and place.names else value
            case "day":
                return _day(value)
        return " ".join(filter(None, (value, difference.what)))


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B} {day.year}"
