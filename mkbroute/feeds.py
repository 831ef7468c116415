"""Atom feeds: one for each part of the site that grows, and one for all of them together."""

from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from mkbroute.core.models import Publishable
from mkbroute.models import FOLLOWED
from pilots.models import Pilot, Update
from research.citations import in_one_line
from research.models import NewsItem, PolicyFile, Practice, Publication, Question

LENGTH = 30
"""How many of the newest a feed has."""
SHOWN = ("title", "slug", "summary", "first_published_at", "last_published_at")


@dataclass(frozen=True)
class Section:
    """A part of the site one can follow: ``name`` is in its address, ``page`` is the name of the URL of its list."""

    name: str
    title: str
    page: str
    models: tuple[type[Publishable], ...]
    has_updates: bool = False
    """Whether what the pilots tell everybody is in it too."""

    def newest(self) -> list[Publishable | Update]:
        """What was published or changed last, newest first."""
        found = chain(
            *(
                model.objects.published()
                .exclude(last_published_at=None)
                .order_by("-last_published_at")
                .only(*SHOWN, *(["date"] if model is NewsItem else []))[:LENGTH]
                for model in self.models
            ),
            Update.objects.public().in_stream().order_by("-last_published_at")[:LENGTH] if self.has_updates else [],
        )
        return sorted(found, key=lambda item: item.last_published_at, reverse=True)[:LENGTH]


SECTIONS = {
    section.name: section
    for section in (
        Section("nieuws", "Nieuws", "news_list", (NewsItem,), has_updates=True),
        Section("goede-voorbeelden", "Goede voorbeelden", "practice_list", (Practice,)),
        Section("onderzoek", "Onderzoek", "question_list", (Question,)),
        Section("publicaties", "Publicaties", "publication_list", (Publication,)),
        Section("beleid", "Beleid", "policy_list", (PolicyFile,)),
        Section("pilots", "Pilots", "pilot_list", (Pilot,)),
    )
}
EVERYTHING = Section("alles", "Alles van deze site", "home", FOLLOWED, has_updates=True)


class SectionFeed(Feed):
    """The newest of one section, or of all, as Atom."""

    feed_type = Atom1Feed
    author_name = "Mkb-route in het hbo"
    language = "nl"

    def get_object(self, request: HttpRequest, section: str) -> Section:
        try:
            return EVERYTHING if section == EVERYTHING.name else SECTIONS[section]
        except KeyError:
            raise Http404 from None

    def title(self, section: Section) -> str:
        return f"{section.title} | Mkb-route in het hbo"

    def subtitle(self, section: Section) -> str:
        return "Wat het laatst is gepubliceerd of gewijzigd."

    def link(self, section: Section) -> str:
        return settings.SITE_URL + reverse(section.page)

    def feed_url(self, section: Section) -> str:
        return settings.SITE_URL + reverse("feed", args=[section.name])

    def items(self, section: Section) -> list[Publishable | Update]:
        return section.newest()

    def item_title(self, item: Publishable | Update) -> str:
        return in_one_line(item.title)

    def item_description(self, item: Publishable | Update) -> str:
        return escape(in_one_line(item.summary))  # Django says that it is HTML

    def item_link(self, item: Publishable | Update) -> str:
        return item.full_url

    def item_categories(self, item: Publishable | Update) -> list[str]:
        return [str(item._meta.verbose_name)]

    def item_pubdate(self, item: Publishable | Update) -> datetime:
        """When it appeared; news when it happened, for that may be long before."""
        if isinstance(item, NewsItem):
            return timezone.make_aware(datetime.combine(item.date, time.min))
        if isinstance(item, Update):
            return item.published_at
        return item.first_published_at or item.last_published_at

    def item_updateddate(self, item: Publishable | Update) -> datetime:
        return item.last_published_at
