"""What all articles say of one document, as one record: the same whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time

from otswatch.documents.records import (
    Adoption,
    Cited,
    Difference,
    OfficialDocument,
    Registered,
    Report,
    Told,
    Witness,
)
from otswatch.documents.register import Known, Register, day_of
from otswatch.index import Document, Value

#: A text with a smaller part of the clauses of the longest one is a part of the document.
_WHOLE = 0.6
#: So many articles that cite a document are named in its record.
_CITED = 100

_Reports = Sequence[tuple[str, Report]]


def fold(register: Register, id_: str, reports: Mapping[str, Report]) -> OfficialDocument:
    """The document that articles report: article → what it says. Of one of the register that no article names, too.

    Titles, days and signatories are those of the register, else of the official text, else of the first one.

    Raises:
        KeyError: neither the register nor an article says anything of it.
    """
    ranked = sorted(reports.items(), key=lambda item: (item[1].rank, item[0]))
    texts = [(article, report) for article, report in ranked if report.role == "witness"]
    citing = [(article, report) for article, report in ranked if report.role == "citation"]
    known = register.known.get(id_)
    title, titles, titled = _titles(known, texts, citing, id_)
    adopted, dated = _adopted(register, known, texts, id_)
    meeting, met = _meeting(known, ranked)
    signatories, signed = _signatories(known, texts)
    areas, labelled = _areas(texts)
    told = {"title": titled, "adopted": dated, "meeting": met, "signatories": signed, "areas": labelled}
    return OfficialDocument(
        id=id_,
        type=_type(register, known, ranked, id_),
        of=known.of if known else _of(register, meeting),
        title=title,
        titles=titles,
        adopted=adopted,
        meeting=meeting,
        signatories=signatories,
        areas=areas,
        witnesses=tuple(_witnesses(texts)),
        citations=len(citing),
        cited_by=tuple(_cited(article, report) for article, report in citing[:_CITED]),
        first_seen=min((report.at for _, report in ranked if report.at), default=None),
        registered=Registered(source=known.source, as_of=known.as_of) if known else None,
        told={name: source for name, source in told.items() if source},
    )


def project(register: Register, document: OfficialDocument, version: int) -> Document:
    """The document for an index. What its texts say is searched in the articles that have them."""
    named = [name for names in _names(register, document).values() for name in names]
    fields: dict[str, Value] = {
        "id": document.id,
        "kind": document.type,
        "language": document.languages,
        "headline": document.title,
        "title": list(dict.fromkeys((document.title, *document.titles.values(), *named))),
        "adopted": datetime.combine(document.adopted.starts, time(), UTC),
        "adopted_precision": "day",
        "first_seen": document.first_seen,
        "place": document.adopted.place,
        "signatory": document.signatories,
        "country": [id_ for id_ in document.signatories if id_ in register.taxonomy.countries],
        "body": _bodies(register, document),
        "meeting": document.meeting,
        "main_area": document.areas[0] if document.areas else None,
        "area": document.areas,
        "source": list(dict.fromkeys(witness.source for witness in document.witnesses if witness.source)),
        "witness": [witness.article for witness in document.witnesses],
        "witnesses": len(document.witnesses),
        "article": [cited.article for cited in document.cited_by],
        "articles": document.citations,
    }
    return Document("documents", document.id, version, fields, document.to_dict())


def registered(register: Register) -> list[Document]:
    """The documents of the register as nobody has cited them yet, with the lowest version."""
    return [project(register, fold(register, id_, {}), 0) for id_ in register.known]


# --------------------------------------------------------------------------------------------------------------- values


def _type(register: Register, known: Known | None, ranked: _Reports, id_: str) -> str:
    if known and known.type:
        return known.type
    return next((report.type for _, report in ranked if report.type), id_.split("-")[0])


def _titles(
    known: Known | None, texts: _Reports, citing: _Reports, id_: str
) -> tuple[str, dict[str, str], Told | None]:
    """The title that readers see, those by language, and where the first is from."""
    texts = [(article, report) for article, report in texts if report.title]
    printed = [(article, report.title) for article, report in texts if report.title]
    titles: dict[str, str] = dict(known.titles.items()) if known else {}
    for _, title in reversed(printed):
        titles[title.language] = title.text
    if known:
        return known.titles.get("en") or next(iter(known.titles.values())), titles, Told()
    if printed:
        # Of the official ones the English title: it is the language that readers are shown everything in.
        official = [each for each, (_, report) in zip(printed, texts, strict=True) if report.official]
        article, title = next((each for each in official if each[1].language == "en"), printed[0])
        return title.text, titles, Told(article=article, evidence=title.evidence)
    for article, report in citing:
        if report.evidence:
            return report.evidence[0].text, titles, Told(article=article, evidence=report.evidence[:1])
    return id_, titles, None


def _adopted(register: Register, known: Known | None, texts: _Reports, id_: str) -> tuple[Adoption, Told | None]:
    told = next(
        (Told(article=article, evidence=report.adopted.evidence) for article, report in texts if report.adopted), None
    )
    if known and known.adopted:
        return Adoption(place=known.place, starts=known.day, ends=known.day), told or Told()
    place = next((report.adopted.place for _, report in texts if report.adopted and report.adopted.place), None)
    day = day_of(id_)
    return Adoption(place=place or _place(register, id_), starts=day, ends=day), told


def _place(register: Register, id_: str) -> str | None:
    """The place that an id was made of; null where the series of the meeting stands in its place."""
    where = id_.split("-")[1]
    return where if where in register.taxonomy.places else None


def _meeting(known: Known | None, ranked: _Reports) -> tuple[str | None, Told | None]:
    article, met = next(((article, report.meeting) for article, report in ranked if report.meeting), (None, None))
    told = Told(article=article, evidence=met.evidence) if met else None
    if known and known.meeting:
        return known.meeting, told or Told()
    return (met.id if met else None), told


def _of(register: Register, meeting: str | None) -> str:
    """Whose meeting adopted it."""
    series = register.taxonomy.series.get(register.series(meeting)) if meeting else None
    return series.of if series else "ots"


def _signatories(known: Known | None, texts: _Reports) -> tuple[tuple[str, ...], Told | None]:
    """Of several lists the longest: not every language names states by words that are names."""
    if known and known.signatories:
        return known.signatories, Told()
    if not texts:
        return (), None
    article, report = max(texts, key=lambda item: len(item[1].signatories))
    evidence = tuple(piece for signatory in report.signatories for piece in signatory.evidence)
    return tuple(signatory.id for signatory in report.signatories), Told(article=article, evidence=evidence)


def _areas(texts: _Reports) -> tuple[tuple[str, ...], Told | None]:
    return next(((report.areas, Told(article=article)) for article, report in texts if report.areas), ((), None))


def _bodies(register: Register, document: OfficialDocument) -> list[str]:
    """Whose document it is, who met, and the bodies that signed."""
    series = register.taxonomy.series.get(register.series(document.meeting)) if document.meeting else None
    signed = [id_ for id_ in document.signatories if id_ not in register.taxonomy.countries]
    return list(dict.fromkeys(id_ for id_ in (document.of, series and series.body, *signed) if id_))


def _names(register: Register, document: OfficialDocument) -> Mapping[str, Sequence[str]]:
    known = register.known.get(document.id)
    names = known.names if known else {}
    return {language: [name.replace("~", "").replace("*", "") for name in all_] for language, all_ in names.items()}


# ------------------------------------------------------------------------------------------------------------ witnesses


def _witnesses(texts: _Reports) -> Iterator[Witness]:
    """Whole texts first; how each differs from the best one of its language."""
    longest = max((len(report.clauses) for _, report in texts), default=0)
    whole = {article: len(report.clauses) >= _WHOLE * longest for article, report in texts}
    first: dict[str, tuple[str, Report]] = {}
    for article, report in sorted(texts, key=lambda item: not whole[item[0]]):
        best = first.setdefault(report.language, (article, report))
        yield Witness(
            article=article,
            source=report.source,
            language=report.language,
            official=report.official,
            url=report.url,
            title=report.title.text if report.title else None,
            first_seen=report.at,
            clauses=len(report.clauses),
            whole=whole[article],
            differs=_difference(report.clauses, *best) if best[0] != article else None,
        )


def _difference(clauses: Iterable[str], article: str, best: Report) -> Difference | None:
    mine, its = set(clauses), set(best.clauses)
    return Difference(article=article, more=len(mine - its), fewer=len(its - mine)) if mine != its else None


def _cited(article: str, report: Report) -> Cited:
    return Cited(
        article=article,
        source=report.source,
        language=report.language,
        official=report.official,
        headline=report.headline,
        first_seen=report.at,
        rule=report.rule,
        evidence=report.evidence,
    )
