import re

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from mkbroute.accounts.permissions import needs_second_factor
from mkbroute.actions import count_searched_term
from mkbroute.core.models import PromotedResult, SearchEntry, Theme
from mkbroute.core.search import START, Question, Search, suggestions
from mkbroute.search import Kind, kinds

GOOD_FOR = 60
"""Seconds in which a browser need not ask again, as when somebody goes back to the results."""

PLACE = re.compile(r"(\d{1,18})-(\d{1,18})")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find anything on the site: all kinds together, or with ``soort`` one kind by pages; ``thema`` narrows both."""
    user = _searcher(request)
    question = Question(request.GET.get("q", ""))
    themes = {theme.slug: theme for theme in Theme.objects.all()} if question.typed else {}
    kind, theme = _kind(request.GET.get("soort")), themes.get(request.GET.get("thema", ""))
    place = PLACE.fullmatch(request.GET.get("na", ""))
    after = (int(place[1]), int(place[2])) if kind and place else START
    found = Search(question, user, kind.name if kind else "", theme.slug if theme else "", after)
    # A filter or a further page belongs to the same search.
    if request.method == "GET" and not request.GET.keys() & {"soort", "thema", "na"}:
        count_searched_term(term=question.text, found=found.total > 0)
    chosen = {"q": question.text, "soort": kind and kind.slug, "thema": theme and theme.slug}
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in chosen.items() if value})
    context = {
        "question": question,
        "found": found,
        "query": query,
        "kind": kind,
        "theme": theme,
        "groups": [(other, found.of_kind(name), found.kinds[name]) for name, other in kinds().items()],
        "kinds": [(other, found.kinds[name]) for name, other in kinds().items() if found.kinds[name]],
        "themes": [(other, found.themes[slug]) for slug, other in themes.items() if found.themes[slug]],
        "promoted": _promoted(question, user) or _answer(question, user),
        "is_first_page": after == START,
        "crumbs": [("Zoeken", request.path)],
    }
    return _kept_apart(request, render(request, "search.html", context))


@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """What somebody who typed ``q`` may want to search for, for the script of the search field."""
    found = suggestions(request.GET.get("q", ""), _searcher(request))
    return _kept_apart(request, JsonResponse({"suggestions": found}))


def _searcher(request: HttpRequest):
    """Who searches. Staff that still has to set up a second factor finds what everybody finds."""
    user = request.user
    return AnonymousUser() if user.is_authenticated and needs_second_factor(user) else user


def _kind(slug: str | None) -> Kind | None:
    return next((kind for kind in kinds().values() if kind.slug == slug), None)


def _promoted(question: Question, user) -> SearchEntry | None:
    """What the editors put on top for this term, if this user may see it; with their ``note``."""
    promoted = PromotedResult.objects.filter(term=question.term).first() if question.typed else None
    if promoted is None:
        return None
    entry = SearchEntry.objects.visible_to(user).filter(address=promoted.address).defer("text", "document").first()
    if entry and promoted.note:
        entry.summary = promoted.note
    return entry


def _answer(question: Question, user) -> SearchEntry | None:
    """The page that is called what was asked for, such as the term in "wat is bbl"; a term before anything else."""
    telling = " ".join(word.typed for word in question.words)
    if not telling:
        return None
    called = Q(title__iexact=question.text) | Q(title__iexact=telling)
    entries = SearchEntry.objects.visible_to(user).filter(called).defer("text", "document")
    return entries.order_by(Case(When(kind="term", then=0), default=1), "pk").first()


def _kept_apart(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer for its own browser alone: another user may find other things."""
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, private=True, max_age=GOOD_FOR)
    response["X-Robots-Tag"] = "noindex"
    return response
