"""What is in use cannot be deleted, and the editor hears where it is used."""

from django.db import models
from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from modelcluster.fields import ParentalKey
from wagtail.admin import messages
from wagtail.models import ReferenceIndex

SHOWN_USERS = 5


def users_of(target: models.Model) -> list[models.Model]:
    """What would break if this went: rows that may not lose it, and pages whose text points at it."""
    collector = Collector(using="default", origin=target)
    try:
        collector.collect([target])
        protected = []
    except ProtectedError as error:
        protected = list(error.protected_objects)
    referring = [row for row, _references in ReferenceIndex.get_grouped_references_to(target)]
    # A row inside a page is named by that page.
    owners = [_page_of(row) for row in [*protected, *referring]]
    return list({(type(owner), owner.pk): owner for owner in owners}.values())


def _page_of(row: models.Model) -> models.Model:
    parent = next((field for field in row._meta.concrete_fields if isinstance(field, ParentalKey)), None)
    return getattr(row, parent.name) if parent else row


def keep_what_is_used(request: HttpRequest, targets: list[models.Model]) -> HttpResponse | None:
    """Wagtail's ``before_delete_snippet``: refuse in words what the database would refuse with an error."""
    for target in targets:
        if users := users_of(target):
            names = [str(user) for user in users[:SHOWN_USERS]]
            more = f" en nog {len(users) - SHOWN_USERS}" if len(users) > SHOWN_USERS else ""
            messages.error(
                request,
                f"‘{target}’ kan niet weg, want het wordt nog gebruikt: {'; '.join(names)}{more}. "
                "Haal het daar eerst weg.",
            )
            return redirect(target.snippet_viewset.get_url_name("usage"), target.pk)
    return None
