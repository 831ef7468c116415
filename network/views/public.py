from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from network.models import BRANCHE_KINDS, Appointment, Body, Kind, Organisation, Person

SECTIONS = {
    "all": ("Wie doen er mee?", list(Kind)),
    "hogescholen": ("Hogescholen", [Kind.HOGESCHOOL]),
    "branches": ("Branches en fondsen", list(BRANCHE_KINDS)),
}


@require_safe
def organisation_list(request: HttpRequest, section: str = "all") -> HttpResponse:
    """The organisations around the programme: all of them, the hogescholen, or the branches with what they set up."""
    title, kinds = SECTIONS[section]
    organisations = list(Organisation.objects.published().filter(kind__in=kinds).for_list())
    listed = {organisation.pk for organisation in organisations}
    parts = defaultdict(list)
    for organisation in organisations:
        parts[organisation.part_of_id if organisation.part_of_id in listed else None].append(organisation)
    by_kind = [(kind, [o for o in parts[None] if o.kind == kind]) for kind in kinds]
    context = {
        "heading": title,
        "section": section,
        "groups": [(kind, members) for kind, members in by_kind if members],
        "parts": parts,
        "organisations": organisations,
        "crumbs": [("Netwerk", reverse("organisation_list"))] + ([(title, request.path)] if section != "all" else []),
    }
    return render(request, "network/organisation_list.html", context)


@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation with its pilots."""
    organisations = Organisation.objects.published().select_related("part_of", "sector", "image")
    organisation = get_object_or_404(organisations.with_rows("places__province"), slug=slug)
    return render(request, Organisation.page_template, organisation.page_context())


@require_safe
def body_detail(request: HttpRequest, body: Body) -> HttpResponse:
    """The present members of one group of the programme, in its order."""
    members = (
        Appointment.objects.published().filter(body=body).present().select_related("person__image", "organisation")
    )
    context = {
        "body": body,
        "members": members.order_by("position", "person__title"),
        "crumbs": [("Over het programma", "/over/"), (body.heading, body.url)],
    }
    return render(request, "network/body_detail.html", context)


@require_safe
def person_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One person with a public role."""
    person = get_object_or_404(Person.objects.published().select_related("image").for_page(), slug=slug)
    return render(request, Person.page_template, person.page_context())
