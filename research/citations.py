"""How to cite a publication in a file: for BibTeX and for reference managers (RIS). As text: ``Publication.citation``."""

from collections.abc import Callable

import rispy
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from research.models import Publication, PublicationKind

BIBTEX_TYPES = {
    PublicationKind.REPORT: "techreport",
    PublicationKind.MAGAZINE: "misc",
    PublicationKind.THESIS: "phdthesis",
    PublicationKind.ARTICLE: "article",
}
PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
"""What BibTeX calls who brings out a work of this type, where it is not "publisher"."""
RIS_TYPES = {
    PublicationKind.REPORT: "RPRT",
    PublicationKind.MAGAZINE: "MGZN",
    PublicationKind.THESIS: "THES",
    PublicationKind.ARTICLE: "JOUR",
}


def in_one_line(text: str) -> str:
    """The text without line breaks and control characters: in both formats a new line begins a new field."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


# --- BibTeX ----------------------------------------------------------------------------------------------------------

NO_COMMANDS = str.maketrans({"{": "(", "}": ")", "\\": "/"})
"""Braces group and a backslash commands; in a title or a name they mean neither."""


class EntryWriter(Writer):
    """BibTeX in which addresses stay as they are: reference managers open them as they find them."""

    def _write_field(self, stream, type, value):
        if type in ("doi", "url"):
            stream.write(f",\n    {type} = {self.quote(value)}")
        else:
            super()._write_field(stream, type, value)


def as_bibtex(publication: Publication) -> str:
    """An entry for BibTeX; what means something to LaTeX is escaped."""
    kind = BIBTEX_TYPES[PublicationKind(publication.kind)]
    about = {
        "title": publication.title,
        "year": str(publication.year or ""),
        PUBLISHERS.get(kind, "publisher"): publication.publisher,
        "doi": publication.doi,
        "url": publication.original,
        "language": "dutch",
    }
    entry = Entry(
        kind,
        fields={name: in_one_line(value).translate(NO_COMMANDS) for name, value in about.items() if value},
        persons={"author": [_person(name) for name in publication.author_names]} if publication.author_names else {},
    )
    return EntryWriter(encoding="utf-8").to_string(BibliographyData({publication.slug: entry}))


def _person(name: str) -> Person:
    """An author; braces keep in one piece what is not a last name, a comma and a first name."""
    name = in_one_line(name).translate(NO_COMMANDS)
    is_person = name.count(",") == 1 and " and " not in name
    return Person(name if is_person else f"{{{name}}}")


# --- RIS -------------------------------------------------------------------------------------------------------------


class RecordWriter(rispy.RisWriter):
    """RIS as the format has it: without the numbers that rispy puts between records."""

    def set_header(self, count: int) -> str:
        return ""


def as_ris(publication: Publication) -> str:
    """A record for EndNote, Zotero, Mendeley and the like."""
    record = {
        "type_of_reference": RIS_TYPES[PublicationKind(publication.kind)],
        "authors": [in_one_line(name) for name in publication.author_names],
        "title": in_one_line(publication.title),
        "year": str(publication.year or ""),
        "publisher": in_one_line(publication.publisher),
        "abstract": in_one_line(publication.summary),
        "doi": publication.doi,
        "urls": [publication.original] if publication.original else [],
        "language": "nl",
    }
    known = {name: value for name, value in record.items() if value}
    return rispy.dumps([known], implementation=RecordWriter)


STYLES: dict[str, tuple[Callable[[Publication], str], str]] = {
    "citaat.bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
    "citaat.ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
}
"""The files one can download, with their media types."""
