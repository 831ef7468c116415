from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mkbroute.core.facets import FacetedFilter
from mkbroute.core.models import Theme
from research.citations import STYLES
from research.filters import PracticeFilter, PublicationFilter
from research.models import NewsItem, PolicyFile, Practice, Publication, Question, Term
from research.stream import page_of_stream

PAGE_SIZE = 24
NEWS_PAGE_SIZE = 12


@require_safe
def knowledge(request: HttpRequest) -> HttpResponse:
    """The entrance to what was learned: by theme, by audience and by kind."""
    practices = PracticeFilter(QueryDict())
    by_audience = next(choices for facet, choices in practices.facets if facet.name == "voor")
    context = {
        "themes": Theme.objects.all(),
        "audiences": [choice for choice in by_audience if choice.count],
        "strongest": Practice.objects.published().in_short().order_by("-strength", "title")[:3],
        "newest": Publication.objects.published().in_short()[:3],
        "total": {
            "practices": len(practices.rows),
            "publications": Publication.objects.published().count(),
            "terms": Term.objects.published().count(),
        },
        "crumbs": [("Kennis", request.path)],
    }
    return render(request, "research/knowledge.html", context)


# --- Good practices --------------------------------------------------------------------------------------------------


@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """Find a good practice."""
    return _finder_page(request, PracticeFilter(request.GET), "research/practice_list.html", "Goede voorbeelden")


@require_safe
def practice_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One good practice: what was done, what it gave, what was hard, and how sure we are."""
    practice = get_object_or_404(Practice.objects.published().with_details().select_related("image"), slug=slug)
    return render(request, Practice.page_template, practice.page_context())


def _finder_page(request: HttpRequest, finder: FacetedFilter, template: str, title: str) -> HttpResponse:
    """A list with facets below /kennis/: one page of what matches."""
    page = Paginator(finder.matches, PAGE_SIZE).get_page(request.GET.get("pagina"))
    found = finder.queryset.in_short().in_bulk(page.object_list)
    context = {
        "finder": finder,
        "page": page,
        "matches": [found[key] for key in page.object_list if key in found],  # one may be withdrawn just now
        "total": len(finder.rows),
        "crumbs": [("Kennis", reverse("knowledge")), (title, request.path)],
    }
    return render(request, template, context)


# --- Publications ----------------------------------------------------------------------------------------------------


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """Find a publication."""
    return _finder_page(request, PublicationFilter(request.GET), "research/publication_list.html", "Publicaties")


@require_safe
def publication_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One publication in plain Dutch, where to read it and how to cite it."""
    publication = get_object_or_404(Publication.objects.published().with_details(), slug=slug)
    return render(request, Publication.page_template, publication.page_context())


@require_safe
def publication_citation(request: HttpRequest, slug: str, style: str) -> HttpResponse:
    """The citation of a publication as a file for a reference manager."""
    publication = get_object_or_404(Publication.objects.published(), slug=slug)
    if style not in STYLES:
        raise Http404
    write, media_type = STYLES[style]
    extension = style.rpartition(".")[2]
    disposition = f'attachment; filename="{publication.slug}.{extension}"'
    return HttpResponse(write(publication), media_type, headers={"Content-Disposition": disposition})


# --- Terms -----------------------------------------------------------------------------------------------------------


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """All terms with their meaning, by letter."""
    terms = Term.objects.published().order_by("title")
    letters: dict[str, list[Term]] = {}
    for term in sorted(terms, key=lambda term: term.title.casefold()):
        letters.setdefault(term.title[0].upper(), []).append(term)
    context = {"letters": letters, "crumbs": [("Begrippen", request.path)]}
    return render(request, "research/term_list.html", context)


@require_safe
def term_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One term."""
    term = get_object_or_404(Term.objects.published().select_related("source"), slug=slug)
    return render(request, Term.page_template, term.page_context())


# --- Research agenda -------------------------------------------------------------------------------------------------


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The research agenda: the root questions with what belongs to each."""
    questions = list(Question.objects.published().for_agenda())
    shown = {question.pk for question in questions if question.root_id is None}
    below: dict[int | None, list[Question]] = {}
    for question in questions:
        below.setdefault(question.root_id, []).append(question)
    context = {
        "roots": [(root, below.get(root.pk, [])) for root in below.get(None, [])],
        # A root that was taken off the site takes nothing along.
        "others": [question for question in questions if question.root_id and question.root_id not in shown],
        "crumbs": [("Onderzoek", request.path)],
    }
    return render(request, "research/question_list.html", context)


@require_safe
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One question: what is known, since when and by whom, and what is missing."""
    questions = Question.objects.published().select_related("root", "theme").with_rows("pilots", "organisations")
    question = get_object_or_404(questions, slug=slug)
    return render(request, Question.page_template, question.page_context())


# --- Policy ----------------------------------------------------------------------------------------------------------


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """All policy files, those with a next date first, and what happened in all of them on one line."""
    files = list(PolicyFile.objects.published().for_list())
    events = [event for file in files for event in file.events.all() if event.date]
    context = {
        "files": files,
        "timeline": sorted(events, key=lambda event: event.date, reverse=True),
        "crumbs": [("Beleid", request.path)],
    }
    return render(request, "research/policy_list.html", context)


@require_safe
def policy_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One policy file: what it means for mkb-routes and what happened when."""
    file = get_object_or_404(PolicyFile.objects.published().with_details(), slug=slug)
    return render(request, PolicyFile.page_template, file.page_context())


# --- News ------------------------------------------------------------------------------------------------------------


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """The news of the programme with what the pilots tell, newest first."""
    page, items = page_of_stream(request.GET.get("pagina"), NEWS_PAGE_SIZE)
    context = {"page": page, "items": items, "crumbs": [("Nieuws", request.path)]}
    return render(request, "research/news_list.html", context)


@require_safe
def news_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One news item."""
    item = get_object_or_404(NewsItem.objects.published().with_details().select_related("image"), slug=slug)
    return render(request, NewsItem.page_template, item.page_context())
