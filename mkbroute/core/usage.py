"""What is in use cannot be deleted, and the editor hears where it is used."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.admin import messages
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, ReferenceIndex, Revision, RevisionMixin

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
    owners = [_page_of(row) for row in [*protected, *referring]] + _in_versions(target) + _in_texts_of_drafts(target)
    return list({(type(owner), owner.pk): owner for owner in owners}.values())


def _in_versions(target: models.Model) -> list[models.Model]:
    """Pages with a version that points at this, be it a draft or an old one: without it the version cannot be opened."""
    found = []
    for model in apps.get_models():
        if not issubclass(model, RevisionMixin):
            continue
        used = models.Q()
        for key in _keys_to(type(target), model):
            used |= models.Q(content__contains={key: target.pk})
        for relation in get_all_child_relations(model) if issubclass(model, ClusterableModel) else ():
            for key in _keys_to(type(target), relation.related_model):
                used |= models.Q(content__contains={relation.get_accessor_name(): [{key: target.pk}]})
        if used:
            of_model = Revision.objects.filter(content_type=ContentType.objects.get_for_model(model))
            ids = of_model.filter(used).values_list("object_id", flat=True).distinct()
            found += model._base_manager.filter(pk__in=[int(pk) for pk in ids])
    return found


def _in_texts_of_drafts(target: models.Model) -> list[models.Model]:
    """Pages with a draft whose text points at this: publishing it would show a hole."""
    found = []
    for model in apps.get_models():
        texts = [field for field in model._meta.concrete_fields if isinstance(field, StreamField)]
        if not texts or not issubclass(model, DraftStateMixin):
            continue
        drafts = model._base_manager.filter(has_unpublished_changes=True).exclude(latest_revision=None)
        for stored in drafts.select_related("latest_revision"):
            draft = stored.latest_revision.as_object()
            pointed_at = {
                (to, str(key))
                for field in texts
                for to, key, *_path in field.stream_block.extract_references(getattr(draft, field.name))
            }
            if (type(target), str(target.pk)) in pointed_at:
                found.append(stored)
    return found


def _keys_to(target: type[models.Model], model: type[models.Model]) -> list[str]:
    """The foreign keys of a model that may not lose such a target."""
    fields = (field for field in model._meta.concrete_fields if field.remote_field)
    return [f.name for f in fields if f.related_model is target and f.remote_field.on_delete is models.PROTECT]


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
