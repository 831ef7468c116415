"""Which addresses of this site lead somewhere."""

import re
from functools import cached_property
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from mkbroute.core.reading import Link

GONE = "bestaat niet meer"
NOT_PUBLISHED = "is niet gepubliceerd"
NOTHING_THERE = "op dit adres staat niets"


SCHEMES = ("https", "http", "mailto", "tel")
"""What an address of another site, or of a person, may begin with."""


def is_internal(address: str) -> bool:
    """Whether an address is one of this site. Capitals in a scheme and a host mean nothing."""
    if address.startswith("/"):
        return not address.startswith("//")
    return _origin(address) == _origin(settings.SITE_URL)


def is_address(address: str) -> bool:
    """Whether an address leads somewhere at all: a bare ``www.example.nl`` is read as a page of this site, below the
    page that it stands on."""
    scheme, colon, rest = address.partition(":")
    known = colon and rest and scheme.lower() in SCHEMES
    return bool(known) or address.startswith("#") or is_internal(address)


def _origin(address: str) -> str:
    """The scheme and the host in small letters: all before the path."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{re.split('[/?#]', rest)[0]}".lower()


class Addresses:
    """Looks addresses of the site up, each once."""

    def __init__(self):
        self.known: dict[Link, str] = {}

    def problem(self, link: Link) -> str:
        """Why a link inside the site leads nowhere, in words; empty when it is fine or leads to another site."""
        key = Link("", "", link.address, link.chosen)
        if key not in self.known:
            if link.chosen:
                self.known[key] = self._problem_of_chosen(*link.chosen)
            elif is_internal(link.address):
                self.known[key] = self._problem_of_path(unquote(urlsplit(link.address).path) or "/")
            else:
                self.known[key] = ""
        return self.known[key]

    def _problem_of_chosen(self, model: type[models.Model], key: int) -> str:
        chosen = model._base_manager.filter(pk=key).first()
        if chosen is None:
            return GONE
        return "" if getattr(chosen, "live", True) else NOT_PUBLISHED

    def _problem_of_path(self, path: str) -> str:
        if "\0" in path:
            return NOTHING_THERE  # PostgreSQL takes no such text
        if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return ""  # files, which stand behind no view
        if not path.endswith("/") and self._problem_of_view(path):
            path += "/"  # the site adds the slash by itself
        problem = self._problem_of_view(path)
        return "" if problem and Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists() else problem

    def _problem_of_view(self, path: str) -> str:
        try:
            match = resolve(path)
        except Resolver404:
            return NOTHING_THERE
        if match.url_name == "wagtail_serve":
            return self._problem_of_page(path)
        if match.url_name == "wagtaildocs_serve":
            return self._problem_of_chosen(get_document_model(), match.args[0])
        return self._problem_of_slug(match.kwargs["slug"], path) if "slug" in match.kwargs else ""

    def _problem_of_page(self, path: str) -> str:
        page = Page.objects.filter(url_path=self._root + path).first()
        if page is None:
            return NOTHING_THERE
        return "" if page.live else NOT_PUBLISHED

    def _problem_of_slug(self, slug: str, path: str) -> str:
        """An address with a slug is that of a row, unless no model would give such an address to its rows."""
        for model in _models_by_slug():
            if path.startswith(model(slug=slug).get_absolute_url()):
                found = model._base_manager.filter(slug=slug).first()
                if found is None:
                    return NOTHING_THERE
                return "" if getattr(found, "live", True) else NOT_PUBLISHED
        return ""

    @cached_property
    def _root(self) -> str:
        """Where the site hangs in Wagtail's tree, without the last slash: "/home"."""
        root = Site.objects.filter(is_default_site=True).values_list("root_page__url_path", flat=True).first()
        return (root or "/").rstrip("/")


def _models_by_slug() -> list[type[models.Model]]:
    """The models whose rows are found by the slug in their address."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "get_absolute_url")
        and any(column.name == "slug" for column in model._meta.concrete_fields)
        and not issubclass(model, Page)
    ]
