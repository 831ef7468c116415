"""Footnotes: what a text claims points at its source in a list at the end of the page."""

from dataclasses import dataclass, field

from mkbroute.core.models.sources import Source


@dataclass
class Footnote:
    """A source in the list at the end of a page, with the names of the places in the text that point at it."""

    number: int
    source: Source
    places: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"bron-{self.number}"


class Footnotes(dict[int, Source]):
    """The sources of a page by key; those that claims point at get a number in the order in which they appear.

    A page makes one for its body and hands it to its template as ``sources``; the text is drawn before the list.
    """

    def __init__(self, sources: dict[int, Source] | None = None):
        super().__init__(sources or {})
        self.notes: dict[int, Footnote] = {}

    def mark(self, source: Source) -> tuple[Footnote, str]:
        """The footnote of a source, made if it is the first time, and the name of one more place pointing at it.

        The source is one of this mapping, which has all that exist.
        """
        if source.pk not in self.notes:
            self.notes[source.pk] = Footnote(len(self.notes) + 1, self[source.pk])
        note = self.notes[source.pk]
        place = f"{note.anchor}-plek-{len(note.places) + 1}"
        note.places.append(place)
        return note, place

    @property
    def listed(self) -> list[Footnote]:
        """The footnotes of what was drawn so far."""
        return list(self.notes.values())
