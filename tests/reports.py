"""Reports of our own for the tests of stories: two of one event in other words, and others that are near to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from otswatch import process
from otswatch.records import Article, Dated
from otswatch.stories import Profile, profile

DAY = date(2026, 9, 16)  # a Wednesday


def report(
    title: str, text: str, *, day: date | None = DAY, source: str = "agency", id_: str = "", language: str | None = None
) -> Article:
    """An article as the pipeline makes it, published on a day (null: undated), by an outlet."""
    article = process(text=f"{title}\n\n{text}", fetched_at=_noon(day or DAY) + timedelta(hours=8))
    content = article.content
    assert content is not None
    if language:
        article = article.replace(content=content.replace(language=language))
    return article.replace(id=id_ or f"{source}-{title}", source=source, published=_dated(day) if day else None)


def seen(
    title: str, text: str, *, day: date | None = DAY, source: str = "agency", id_: str = "", language: str | None = None
) -> Profile:
    """The profile of such an article."""
    made = profile(report(title, text, day=day, source=source, id_=id_, language=language))
    assert made is not None
    return made


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _dated(day: date) -> Dated:
    start = _noon(day) - timedelta(hours=12)
    return Dated(
        at=day.isoformat(),
        precision="day",
        start=start,
        end=start + timedelta(days=1),
        source="meta",
        confidence=1,
        evidence=(),
    )


BLOCK = (
    "The Organization of Turkic States is a cooperation format of states whose peoples speak Turkic languages. It was "
    "set up in Nakhchivan in 2009 as the Turkic Council, got its present name in Istanbul in 2021 and holds a summit "
    "of heads of state every year. Its working bodies deal with trade, transport, education and culture."
)

AGENCY_TITLE = "Turkic states' labour ministers adopt Shymkent roadmap on seasonal workers"
AGENCY = (
    "Labour ministers of the Organization of Turkic States met in Shymkent on Wednesday and adopted a roadmap on "
    "seasonal workers.\n\n"
    "The second meeting of the ministers was chaired by Kazakhstan's Minister of Labour Dauren Abishev. By 2028 a "
    "single register is to list 85,000 seasonal workers, and pensions earned abroad will be paid within 45 days.\n\n"
    "Uzbekistan's minister Nodira Hakimova proposed a school for crane operators in Fergana. The ministers will meet "
    "again in Ganja."
)
FEATURE_TITLE = "A pension that crosses borders"
FEATURE = (
    "Whoever picks apples in one country and mends roads in the next has so far lost part of what was paid in. That is "
    "about to change, promised the ministers who sat together in Shymkent yesterday.\n\n"
    "Nodira Hakimova came with a plan for a school in Fergana. Her host, Dauren Abishev, spoke of some 85 thousand "
    "people who move with the seasons and of a wait of no more than 45 days for the first payment.\n\n"
    "The Organization of Turkic States wants the register to be ready before the next harvest but one. Employers' "
    "associations asked who would pay for it."
)
"""The same meeting, told by another outlet on the day after."""

ANNOUNCEMENT_TITLE = "Labour ministers of Turkic states to meet in Shymkent"
ANNOUNCEMENT = (
    "The labour ministers of the Organization of Turkic States will meet in Shymkent on Wednesday, 16 September.\n\n"
    "Kazakhstan's Minister of Labour Dauren Abishev will chair the second meeting, the ministry said. On the agenda "
    "are a register of 85,000 seasonal workers and the payment of pensions within 45 days. Uzbekistan's minister "
    "Nodira Hakimova has confirmed that she will come."
)
EXPERTS_TITLE = "Experts finish draft roadmap on seasonal workers in Shymkent"
EXPERTS = (
    "The working group on labour of the Organization of Turkic States finished the draft of a roadmap in Shymkent on "
    "Tuesday.\n\n"
    "The register of 85,000 seasonal workers and the term of 45 days for pensions had been open until the evening, "
    "said Dauren Abishev's deputy. Fergana and Ganja have applied for the training school."
)
