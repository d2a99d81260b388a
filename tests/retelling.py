"""Stories for tests of what readers see of them: reports of one meeting in four languages, and hostile ones.

The stories are made as the consumer makes them: by links, of cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from otswatch.index import Document
from otswatch.index.projection import project_article, project_story
from otswatch.records import Article, Content, Dated, Difference, Evidence, Story, Told, Trace
from otswatch.stories.groups import Card, Groups, Like
from otswatch.stories.telling import card_of, told
from tests.memory import MemoryState

BEGAN: Final = datetime(2026, 5, 14, 9, tzinfo=UTC)
SCRIPT: Final = "<script>alert(1)</script>"
#: Right to left, and letters that turn the direction of what follows.
ARABIC, TURNING = "قمة منظمة الدول التركية في بيشكيك", "\u202e"
LONG: Final = "Ministers of transport of the Organization of Turkic States " * 30
#: Articles of the largest story.
MANY: Final = 230


@dataclass(frozen=True, slots=True)
class Report:
    """An article, and the one that it is like."""

    article: Article
    official: bool = False
    like: Like | None = None


def report(
    id_: str,
    title: str | None,
    text: str,
    minute: int = 0,
    *,
    source: str | None = "dailysabah",
    language: str = "en",
    day: str | None = "2026-05-14",
    official: bool = False,
    like: tuple[str, str, tuple[str, ...]] | None = None,
) -> Report:
    """`like`: an article, the rule, and the words that both have."""
    seen = BEGAN + timedelta(minutes=minute)
    article = Article(
        id=id_,
        url=f"https://{source or 'by-hand'}.example/{id_}",
        source=source,
        content=Content(title=title, text=text, language=language, extractor="test/1"),
        published=_dated(day) if day else None,
        trace=Trace(fetched_at=seen, first_seen=seen),
    )
    return Report(article, official, Like(article=like[0], rule=like[1], why=like[2]) if like else None)


def _dated(day: str) -> Dated:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    evidence = (Evidence.model_validate({"in": "text", "text": day, "rule": "text/1"}),)
    return Dated(
        at=day,
        precision="day",
        start=start,
        end=start + timedelta(days=1),
        source="text",
        confidence=0.9,
        evidence=evidence,
    )


SUMMIT: Final = (
    report(
        "tr",
        "İçişleri bakanları Bişkek'te toplandı",
        "Türk Devletleri Teşkilatı içişleri bakanları Bişkek'te toplandı. Toplantıya 120 uzman katıldı.",
        source="trtavaz",
        language="tr",
    ),
    report(
        "az",
        "Daxili işlər nazirləri Bişkekdə görüşüb",
        "Türk Dövlətləri Təşkilatının daxili işlər nazirləri Bişkekdə görüşüb. Görüşdə 150 ekspert iştirak edib.",
        4,
        source="report-az",
        language="az",
        like=("tr", "translated/1", ("Bişkek", "2026-05-14", "Aylin Demirel")),
    ),
    report(
        "official",
        "Interior ministers of the OTS met in Bishkek",
        "The interior ministers of the Organization of Turkic States met in Bishkek on 14 May. 120 experts took part.",
        30,
        source="turkicstates",
        official=True,
        like=("tr", "translated/1", ("Bişkek", "2026-05-14")),
    ),
    report(
        "copy",
        "Interior ministers of the OTS met in Bishkek",
        "The interior ministers of the Organization of Turkic States met in Bishkek on 14 May. 120 experts took part.",
        55,
        source="steppe-wire",
        like=("official", "exact/1", ("the same text", "the same title")),
    ),
    report(
        "late",
        "Bakanlar Bişkek'te bir araya geldi",
        "TDT içişleri bakanları Bişkek'te siber suçlarla mücadele planını imzaladı.",
        60 * 26,
        source=None,
        language="tr",
        day="2026-05-15",
        like=("tr", "retold/1", ("Bişkek", "2026-05-14", "siber suçlar")),
    ),
)
DIFFERENCES: Final = (
    Difference(
        of="figure",
        what="experts",
        values=(
            Told(value="120", words={"tr": "120 uzman", "official": "120 experts", "copy": "120 experts"}),
            Told(value="150", words={"az": "150 ekspert"}),
        ),
    ),
    Difference(
        of="day",
        what="",
        values=(
            Told(value="2026-05-14", words={"official": "on 14 May"}),
            Told(value="2026-05-15", words={"late": f"15 Mayıs {SCRIPT}"}),
        ),
    ),
    Difference(
        of="place",
        what="",
        values=(
            Told(value="bishkek", words={"tr": "Bişkek'te", "official": "in Bishkek"}),
            Told(value="Cholpon-Ata resort", words={"az": "Çolpon-Ata"}),
        ),
    ),
)
ALONE: Final = (report("energy", "Gas pipeline agreed", "Kazakhstan and Azerbaijan agreed on a gas pipeline.", 90),)
HOSTILE: Final = (
    report("scripted", f"{SCRIPT} {TURNING}", "Energy ministers <b>met</b>.", 100, source=SCRIPT, day=None),
    report(
        "untitled",
        None,
        "Energy ministers met again.",
        101,
        source=None,
        day=None,
        language="und",
        like=("scripted", f"new-rule{SCRIPT}/1", (SCRIPT, TURNING)),
    ),
    report("arabic", ARABIC, "قمة", 102, day=None, language="ar"),
    report("long", LONG, "Transport.", 103, day=None, like=("untitled", "syndicated/1", ("80% of the text",))),
)


def _many() -> list[Report]:
    first = report("m0", "Trade grew", "Trade among the Turkic states grew by a fifth.", 200, day="2026-04-01")
    others = (
        report(
            f"m{number}",
            f"Trade grew, says outlet {number}",
            "Trade among the Turkic states grew by a fifth.",
            200 + number,
            source=f"outlet-{number % 40}",
            day="2026-04-02",
            official=number == MANY - 1,
            like=("m0", "syndicated/1", ("92% of the text",)),
        )
        for number in range(1, MANY)
    )
    return [first, *others]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What there is to read. Ids: `summit` (5 articles), `alone`, `hostile`, `many`; `merged`, now `summit`; `gone`."""

    ids: dict[str, str]
    stories: tuple[Story, ...]
    articles: tuple[Article, ...]

    @property
    def documents(self) -> list[Document]:
        """Stories and their articles, as the consumer `index` makes them."""
        return [*map(project_article, self.articles), *map(project_story, self.stories)]


@cache
def newsroom() -> Newsroom:
    """All of it, as the consumers leave it."""
    groups = Groups(MemoryState())
    for reports in (SUMMIT, ALONE, HOSTILE, _many()):
        for each in reports:
            groups.take(_card(each), [each.like] if each.like else [])
    groups.join("arabic", groups.of(["scripted"])["scripted"].id, f"human/{SCRIPT}")
    # A report that began a story of its own, until one came that is like both.
    elsewhere = report("kz", "Бішкекте кездесу өтті", "Министрлер Бішкекте кездесті.", 10, language="kk", source="kz")
    groups.take(_card(elsewhere), [])
    merged = groups.of(["kz"])["kz"].id
    groups.take(_card(SUMMIT[3]), [Like(article="official", rule="exact/1"), Like(article="kz", rule="retold/1")])
    dropped = report("dropped", "Ruled out", "Not about it.", 300)
    groups.take(_card(dropped), [])
    gone = groups.of(["dropped"])["dropped"].id
    groups.drop("dropped", dropped.article.version)

    ids = {name: groups.of([article])[article].id for name, article in _FIRST.items()}
    ids |= {"merged": merged, "gone": gone}
    stories = [_told(groups, id_, DIFFERENCES if name == "summit" else ()) for name, id_ in ids.items()]
    every = [each.article for each in (*SUMMIT, elsewhere, *ALONE, *HOSTILE, *_many())]
    memberships = groups.of([article.id for article in every])
    articles = tuple(article.replace(story=memberships[article.id]) for article in every)
    return Newsroom(ids, tuple(stories), articles)


_FIRST: Final = {"summit": "tr", "alone": "energy", "hostile": "scripted", "many": "m0"}
_LABELS: Final = {
    "tr": {"areas": ("security",), "countries": ("kg", "tr")},
    "az": {"areas": ("security",), "countries": ("kg", "az")},
    "official": {"areas": ("security", "political"), "countries": ("kg",), "bodies": ("ots",)},
    "energy": {"areas": ("energy",), "countries": ("kz", "az")},
    "m0": {"areas": ("economic",)},
}


def _card(each: Report) -> Card:
    return card_of(each.article, None, official=each.official).replace(**_LABELS.get(each.article.id, {}))


def _told(groups: Groups, id_: str, differences: Sequence[Difference]) -> Story:
    group = groups.group(id_)
    assert group is not None
    return told(group, ()).replace(differences=tuple(differences))
