"""What the search finds beside what is published: lists, themes and the manual; and how it names the kinds of result."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst, slugify
from wagtail.models import Page

from mkbroute.core import search
from mkbroute.core.models import Searchable, SearchEntry, Theme, Visibility
from mkbroute.manual import FOR_PARTNERS, FOR_TEAM, START, Manual, chapter

# The pages that list what is published, by the name of their address: title, what one finds there, and other words.
LISTS = {
    "pilot_list": ("Pilots", "Alle plaatsen op de lijn, met filters en een kaart.", "opleidingen routes overzicht"),
    "organisation_list": ("Netwerk", "Alle organisaties die meedoen.", "partners deelnemers organisaties"),
    "hogeschool_list": ("Hogescholen", "De hogescholen die meedoen.", "hogeschool hbo"),
    "branche_list": (
        "Branches en fondsen",
        "De branches die meedoen, met hun fondsen.",
        "brancheorganisaties sectoren",
    ),
    "team": ("Programmateam", "Wie het programma uitvoeren.", "medewerkers mensen"),
    "board": ("Raad van Advies", "Wie het programma adviseren.", "leden mensen"),
    "knowledge": ("Kennis", "Wat het programma leert, per thema en per doelgroep.", "leren geleerd"),
    "practice_list": ("Goede voorbeelden", "Wat anderen deden en wat het gaf.", "good practices ervaringen aanpak"),
    "publication_list": ("Publicaties", "Rapporten, artikelen en scripties.", "onderzoek rapport magazine"),
    "term_list": ("Begrippen", "Woorden uit het veld, met uitleg.", "begrippenlijst woordenlijst uitleg afkortingen"),
    "question_list": ("Onderzoek", "De onderzoeksvragen en wat wij nu weten.", "onderzoeksagenda vragen"),
    "policy_list": ("Beleid", "Moties, wetten en regelingen, en wat zij betekenen.", "subsidie regelingen politiek"),
    "news_list": ("Nieuws", "Nieuws van het programma.", "actueel berichten"),
    "feed_list": ("Volgen", "Zie vanzelf wat er nieuw is, zonder mailadres.", "abonneren rss atom feed nieuwsbrief"),
    "contact": (
        "Contact",
        "Stel uw vraag aan het programmateam.",
        "vraag mail adres telefoon bellen helpdesk aanmelden inschrijven meedoen",
    ),
}
PAGE, THEME, MANUAL = "contentpage", "theme", "handleiding"
ORDER = (
    *(PAGE, "pilot", "practice", "term", "question", "publication", "policyfile", "organisation"),
    *("newsitem", "update", THEME, "person"),
)
"""The kinds as a visitor needs them; what is not named here comes after these."""


class Kind(NamedTuple):
    """A kind of result: how entries name it, how the address does, and how people do, for one and for many."""

    name: str
    slug: str
    singular: str
    plural: str


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of result by name, in the order of the page."""
    models = [model for model in apps.get_models() if issubclass(model, Searchable | Theme)]
    words = {model._meta.model_name: (model._meta.verbose_name, model._meta.verbose_name_plural) for model in models}
    words = {**words, MANUAL: ("bladzijde van de handleiding", "handleiding")}
    ordered = sorted(words, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return {name: Kind(name, slugify(words[name][1]), words[name][0], capfirst(words[name][1])) for name in ordered}


def rebuild_search() -> int:
    """Write all entries of the search anew, and return how many there are. Running it twice changes nothing."""
    manuals = [
        *_manual(FOR_TEAM, "manual", Visibility.TEAM),
        *_manual(FOR_PARTNERS, "partner_manual", Visibility.PARTNERS),
    ]
    return search.rebuild([*_lists(), *_themes(), *manuals])


def follow_page(instance: Page, **kwargs) -> None:
    """Wagtail's signals for a page that got another address: it and the pages below it are found there from now on."""
    for page in Page.objects.filter(path__startswith=instance.path).specific():
        SearchEntry.objects.index(page)


def _lists() -> Iterator[SearchEntry]:
    for name, (title, summary, keywords) in LISTS.items():
        address = reverse(name)
        yield SearchEntry.about(
            key=f"list:{name}", kind=PAGE, title=title, summary=summary, keywords=[keywords], address=address
        )


def _themes() -> Iterator[SearchEntry]:
    for theme in Theme.objects.all():
        yield SearchEntry.about(
            key=f"theme:{theme.slug}",
            kind=THEME,
            title=theme.title,
            summary=theme.summary,
            address=reverse("theme_detail", args=[theme.slug]),
            themes=[theme.slug],
        )


def _manual(manual: Manual, key: str, visibility: Visibility) -> Iterator[SearchEntry]:
    for name in (START, *manual.names()):
        title, html = chapter(manual, name)
        yield SearchEntry.about(
            key=f"{key}:{name}",
            kind=MANUAL,
            title=title,
            keywords=[] if name == START else ["handleiding", "hulp"],
            text=BeautifulSoup(html, "html.parser").get_text(" "),
            address=manual.url(name),
            visibility=visibility,
        )
