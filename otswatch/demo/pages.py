"""A site's pages as its content management system makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from otswatch.demo.content import FOLDER, Piece, Site
from otswatch.demo.edition import Edition
from otswatch.demo.pdf import pdf
from otswatch.demo.wording import hours_ago, write

_RELATED, _ASIDE = 3, 4
#: Bytes of the page that is too large for everybody, and of the block that it repeats.
HUGE, _BLOCK = 30 * 1024 * 1024 + 1, 64 * 1024
_FILLER = "<p>Стенограмма заседания. </p>\n"


@cache
def environment() -> Environment:
    """Templates are HTML and XML, so everything is escaped; a name that a site does not have is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Teaser:
    """What another page says of a piece. `date` is null where the site's lists have none."""

    title: str
    url: str
    date: str | None
    start: str


@dataclass(frozen=True, slots=True)
class Article:
    """A piece as its template sees it. `machine` and `visible` are null where the page has no such date."""

    title: str
    paragraphs: list[str]
    url: str
    written: str
    section: str
    author: str | None
    tags: tuple[str, ...]
    photo: str | None
    image: str
    number: int
    machine: str | None
    modified: str | None
    visible: str | None
    visible_is_relative: bool
    by_script: bool


@dataclass(frozen=True, slots=True)
class Press:
    """Prints one site. `home` is its address, with a slash at the end."""

    site: Site
    home: str

    def url(self, piece: Piece, edition: Edition) -> str:
        """A piece's address, as lists show it."""
        return self.absolute(path(self.site, piece, edition))

    def absolute(self, address: str) -> str:
        """A path of the site as an address."""
        return self.home + address.removeprefix("/")

    def article(self, piece: Piece, edition: Edition) -> bytes:
        """A piece's page."""
        related = [one for one in self._steady(edition) if one is not piece and one.language == piece.language]
        return self._print(
            edition,
            page=self._view(piece, edition),
            related=[self.teaser(one, edition) for one in related[:_RELATED]],
            entries=[],
            further=None,
        )

    def front(self, edition: Edition) -> bytes:
        """The page with everything that the site lists."""
        return self._listing(edition, edition.listed(self.site), further=None)

    def listing(self, edition: Edition, number: int) -> bytes | None:
        """The `number`th page of the listing, counted from 0; null where there is none."""
        route, listed = self.site.listing, edition.listed(self.site)
        if route is None or not 0 <= number * route.size < len(listed):
            return None
        shown = listed[number * route.size : (number + 1) * route.size]
        more = (number + 1) * route.size < len(listed)
        further = route.further.format(number=number + 1 + route.first) if more else None
        return self._listing(edition, shown, further=further)

    def notice(self, status: int) -> bytes:
        """A page that is no article: what the site says of itself, of cookies, or of what is not there."""
        text = environment().get_template("notice.html").render(site=self.site, status=status, words=self.site.words)
        return text.encode(self.site.charset, "xmlcharrefreplace")

    def consent(self, piece: Piece, edition: Edition) -> bytes:
        """A note about cookies in place of the text; the headline is left in the browser's title bar only."""
        text = (
            environment()
            .get_template("consent.html")
            .render(
                site=self.site,
                written=piece.written,
                title=edition.title(piece),
                paragraphs=edition.text(self.site, piece),
            )
        )
        return text.encode(self.site.charset, "xmlcharrefreplace")

    def pdf(self, piece: Piece, edition: Edition) -> bytes:
        """A piece as a PDF."""
        return pdf(edition.title(piece), edition.text(self.site, piece))

    def huge(self, piece: Piece, edition: Edition) -> Iterator[bytes]:
        """A piece's page with more text than anybody reads, in blocks."""
        head, tail = self.article(piece, edition).split(b"</body>", 1)
        yield head
        block = (_FILLER * (_BLOCK // len(_FILLER.encode()))).encode(self.site.charset)
        for _ in range(HUGE // len(block) + 1):
            yield block
        yield b"</body>" + tail

    def teaser(self, piece: Piece, edition: Edition) -> Teaser:
        """What a list says of a piece."""
        title, texts = edition.title(piece), edition.text(self.site, piece)
        date = self._visible(piece, edition) if self.site.shows(piece, "list") else None
        return Teaser(title, self.url(piece, edition), date, texts[0] if texts else "")

    def _listing(self, edition: Edition, pieces: list[Piece], further: str | None) -> bytes:
        entries = [
            teaser if address == piece.path else Teaser(teaser.title, self.absolute(address), teaser.date, teaser.start)
            for piece in pieces
            for teaser in [self.teaser(piece, edition)]
            for address in (piece.path, *piece.also)
        ]
        return self._print(edition, page=None, related=[], entries=entries, further=further)

    def _print(self, edition: Edition, **parts: Any) -> bytes:
        steady = [piece for piece in self._steady(edition) if self.site.shows(piece, "list")]
        text = (
            environment()
            .get_template(self.site.template)
            .render(
                site=self.site,
                home=self.home,
                words=self.site.words,
                today=write(edition.now.astimezone(self.site.zone), self.site.language, "day"),
                year=edition.times[0].year,
                aside=[self.teaser(piece, edition) for piece in steady[-_ASIDE:]],
                **parts,
            )
        )
        return text.encode(self.site.charset, "xmlcharrefreplace")

    def _steady(self, edition: Edition) -> list[Piece]:
        """What other pages point at: readable, there from the start and for good, so that they stay as they are."""
        listed = edition.listed(self.site)
        return [one for one in listed if one.reply == "page" and one.moments == (0,) and not one.also]

    def _view(self, piece: Piece, edition: Edition) -> Article:
        modified = edition.modified(self.site, piece)
        published = edition.published(self.site, piece) + piece.machine_shift
        machine = self.site.shows(piece, "machine")
        image = f"/media/{crc32(piece.path.encode()):08x}.svg"
        return Article(
            title=edition.title(piece),
            paragraphs=edition.text(self.site, piece),
            url=self.absolute(piece.to) if piece.reply == "moved" and piece.to else self.url(piece, edition),
            written=piece.written,
            section=piece.section,
            author=piece.author,
            tags=piece.tags,
            photo=piece.photo,
            image=self.absolute(image),
            number=crc32(piece.path.encode()) % 90_000 + 10_000,
            machine=published.isoformat(timespec="seconds") if machine else None,
            modified=modified.isoformat(timespec="seconds") if machine and modified else None,
            visible=self._visible(piece, edition),
            visible_is_relative=self.site.shows(piece, "relative"),
            by_script=piece.by_script,
        )

    def _visible(self, piece: Piece, edition: Edition) -> str | None:
        published = edition.published(self.site, piece)
        if self.site.shows(piece, "relative"):
            return hours_ago(published, edition.now, piece.written)
        if self.site.shows(piece, "visible"):
            return write(published, piece.written, "full" if self.site.written_dates == "words" else "numbers")
        return None


def path(site: Site, piece: Piece, edition: Edition) -> str:
    """A piece's path. Its month is that in which the newsroom opened, so that it is known from the start."""
    published = (edition.times[0] + piece.published).astimezone(site.zone)
    return piece.path.replace("{year}", f"{published.year}").replace("{month}", f"{published.month:02}")
