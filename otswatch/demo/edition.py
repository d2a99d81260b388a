"""How far time has moved: what each site shows at a moment, and what happened at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from otswatch.demo.content import Piece, Site, paragraphs
from otswatch.demo.wording import dated

_AT_FIRST = timedelta(minutes=7, seconds=13)


@dataclass(frozen=True, slots=True)
class Edition:
    """The newsroom at one moment. `times[n]` is when moment n came; the first is the newsroom's start."""

    times: tuple[datetime, ...]

    @property
    def moment(self) -> int:
        """0 at first."""
        return len(self.times) - 1

    @property
    def now(self) -> datetime:
        """When the moment came."""
        return self.times[-1]

    def out(self, piece: Piece) -> bool:
        """Whether a piece has come out, and was not taken down."""
        return piece.moment <= self.moment and not self.gone(piece)

    def gone(self, piece: Piece) -> bool:
        """Whether a piece was taken down."""
        return piece.gone is not None and piece.gone <= self.moment

    def edited(self, piece: Piece) -> bool:
        """Whether a piece was corrected."""
        return piece.edit is not None and piece.edit.moment <= self.moment

    def title(self, piece: Piece) -> str:
        """Its headline as it now is."""
        return piece.edit.title if piece.edit and self.edited(piece) else piece.title

    def text(self, site: Site, piece: Piece) -> list[str]:
        """Its paragraphs as they now are."""
        text = piece.edit.text if piece.edit and self.edited(piece) else piece.text
        return paragraphs(dated(text, self.published(site, piece), piece.written))

    def published(self, site: Site, piece: Piece) -> datetime:
        """When a piece came out, in the site's zone."""
        return (self.times[min(piece.moment, self.moment)] + piece.published).astimezone(site.zone)

    def modified(self, site: Site, piece: Piece) -> datetime | None:
        """When a piece was corrected."""
        if piece.edit is None or not self.edited(piece):
            return None
        return self.times[piece.edit.moment].astimezone(site.zone)

    def changed(self, site: Site) -> datetime:
        """When the site last changed."""
        moments = {moment for piece in site.pieces for moment in piece.moments if moment <= self.moment}
        return self.times[max(moments)].astimezone(site.zone)

    def built(self, site: Site) -> datetime:
        """When the site made its lists: some minutes before the newsroom opened, or at its last change."""
        changed = self.changed(site)
        return changed - _AT_FIRST if changed == self.times[0] else changed

    def listed(self, site: Site) -> list[Piece]:
        """What its lists show: what came last stands first."""
        shown = [piece for piece in site.pieces if piece.listed and self.out(piece)]
        return sorted(shown, key=lambda piece: (piece.moment, piece.published), reverse=True)


def last_moment(sites: Iterable[Site]) -> int:
    """The moment behind which nothing more happens."""
    return max(moment for site in sites for piece in site.pieces for moment in piece.moments)


def happened(sites: Iterable[Site], moment: int) -> str:
    """What came with a moment, in one line of English."""
    found: list[str] = []
    for site in sites:
        for piece in site.pieces:
            if piece.moment == moment:
                found.append(f"{site.name} published “{piece.title}”")
            if piece.edit and piece.edit.moment == moment:
                found.append(f"{site.name} corrected “{piece.title}”")
            if piece.gone == moment:
                found.append(f"{site.name} took down “{piece.title}”")
    return "; ".join(found)
