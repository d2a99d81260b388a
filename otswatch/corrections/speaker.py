"""Who spoke, where a person says so: what the article and the register know of whom they name."""

from __future__ import annotations

from datetime import timedelta

from otswatch.records import Article, Evidence, Mention, Speaker
from otswatch.taxonomy.process import taxonomy
from otswatch.taxonomy.register import Person, Tenure
from otswatch.text.folding import fold


def spoken_by(article: Article, named: str, words: Evidence) -> Speaker:
    """The speaker that a person named, with the office held when the article was published.

    Args:
        named: id of the register, or a name.
        words: whose word it is.
    """
    person = taxonomy().people.get(named)
    mention = _mention(article, named)
    office, of = (mention.office, mention.of) if mention else (None, None)
    if person and (office, of) == (None, None) and (tenure := _tenure(article, person)):
        office, of = tenure.office, tenure.of
    return Speaker(
        name=mention.name if mention else _name(article, person) if person else named,
        title=mention.title if mention else None,
        person=named if person else mention.id if mention else None,
        office=office,
        of=of,
        evidence=(words,),
    )


def _mention(article: Article, named: str) -> Mention | None:
    people = (mention for mention in article.mentions if mention.type == "person")
    return next((each for each in people if each.id == named or fold(each.name) == fold(named)), None)


def _name(article: Article, person: Person) -> str:
    """In the article's language, else as the register has it first."""
    language = article.content.language if article.content else "und"
    names = {str(key): written for key, written in person.names.items()}
    return next((name for name in (*names.get(language, ()), *sum(names.values(), ()))), person.id)


def _tenure(article: Article, person: Person) -> Tenure | None:
    """The office on all days that the article can be of."""
    published = article.published
    if published is None:
        return person.at(None)
    held = {person.at(published.start.date()), person.at((published.end - timedelta(microseconds=1)).date())}
    return held.pop() if len(held) == 1 else None
