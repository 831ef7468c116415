from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mkbroute.core.models import PreviewLink
from tests import factories

DRAFT = "Nog niemand mag dit lezen"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def pilot(db):
    """A live pilot with a draft over it."""
    pilot = factories.PilotFactory(summary="Dit staat op de site")
    pilot.summary = DRAFT
    pilot.save_revision()
    pilot.refresh_from_db()
    return pilot


@pytest.fixture
def link(pilot):
    return PreviewLink.objects.create(target=pilot)


def links_url(target) -> str:
    return reverse("preview_links", args=[target._meta.app_label, target._meta.model_name, target.pk])


def test_a_stranger_with_the_link_sees_the_draft_in_the_public_template(link, pilot, client):
    assert DRAFT not in client.get(pilot.get_absolute_url()).content.decode()
    response = client.get(link.get_absolute_url())
    assert response.status_code == 200
    assert "pilots/pilot_detail.html" in [template.name for template in response.templates]
    assert DRAFT in response.content.decode()


def test_the_page_says_that_it_is_not_published_and_when_the_link_ends(link, client):
    link.expires_at = datetime(2099, 9, 1, 12, tzinfo=UTC)
    link.save()
    page = " ".join(client.get(link.get_absolute_url()).content.decode().split())
    assert "<strong>Voorbeeld, nog niet gepubliceerd.</strong> Deze link vervalt op 1 september 2099." in page


def test_the_public_page_itself_carries_no_such_banner(link, pilot, client):
    assert "nog niet gepubliceerd" not in client.get(pilot.get_absolute_url()).content.decode()


def test_nothing_remembers_or_passes_on_the_address(link, client):
    response = client.get(link.get_absolute_url())
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response.cookies == {}


def test_a_withdrawn_link_opens_nothing(link, client):
    link.withdrawn_at = timezone.now()
    link.save()
    assert client.get(link.get_absolute_url()).status_code == 404


def test_an_expired_link_opens_nothing(link, client):
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    assert client.get(link.get_absolute_url()).status_code == 404


def test_an_unknown_token_opens_nothing(link, client):
    other = "a" if link.token[-1] != "a" else "b"
    for token in (link.token[:-1] + other, link.token[:-1], "x!", "%00"):
        assert client.get(f"/voorbeeld/{token}/").status_code == 404


def test_a_link_to_something_deleted_opens_nothing(link, pilot, client):
    pilot.delete()
    assert client.get(link.get_absolute_url()).status_code == 404


def test_looking_changes_nothing(link, client):
    with CaptureQueriesContext(connection) as queries:
        client.get(link.get_absolute_url())
    assert [q["sql"] for q in queries if not q["sql"].lstrip("(").startswith("SELECT")] == []
    assert client.post(link.get_absolute_url()).status_code == 405


@pytest.mark.parametrize("make", [factories.OrganisationFactory, factories.PersonFactory])
def test_everything_with_a_page_can_be_shown(make, db, client):
    thing = make(live=False, title="Nog geheim")
    link = PreviewLink.objects.create(target=thing)
    assert client.get(thing.get_absolute_url()).status_code == 404
    assert "Nog geheim" in client.get(link.get_absolute_url()).content.decode()


def test_a_page_of_the_tree_can_be_shown(db, client):
    page = factories.ContentPageFactory(live=False, title="Nog geheim")
    link = PreviewLink.objects.create(target=page)
    response = client.get(link.get_absolute_url())
    assert "Nog geheim" in response.content.decode()
    assert "Voorbeeld, nog niet gepubliceerd." in response.content.decode()


# --- Making and withdrawing them --------------------------------------------------------------------------


def test_an_editor_makes_a_link_that_lives_two_weeks(pilot, editor, as_user, client):
    response = as_user(editor).post(links_url(pilot), follow=True)
    link = PreviewLink.objects.get()
    assert (link.target, link.created_by) == (pilot, editor)
    assert timedelta(days=13, hours=23) < link.expires_at - timezone.now() <= timedelta(days=14)
    assert f'value="{link.full_url}"' in response.content.decode()
    assert client.get(link.get_absolute_url()).status_code == 200


def test_an_editor_withdraws_a_link(link, pilot, editor, as_user, client):
    response = as_user(editor).post(reverse("preview_link_withdraw", args=[link.pk]))
    assert response.url == links_url(pilot)
    assert client.get(link.get_absolute_url()).status_code == 404


def test_the_page_lists_only_the_links_of_this_object(link, pilot, editor, as_user):
    other = PreviewLink.objects.create(target=factories.PilotFactory())
    same_key = PreviewLink.objects.create(
        content_type=ContentType.objects.get_for_model(factories.OrganisationFactory._meta.model),
        object_id=str(pilot.pk),
    )
    page = as_user(editor).get(links_url(pilot)).content.decode()
    assert [token in page for token in (link.token, other.token, same_key.token)] == [True, False, False]


def test_a_page_of_the_tree_has_its_links_too(editor, as_user):
    page = factories.ContentPageFactory()
    as_user(editor).post(links_url(page))
    assert PreviewLink.objects.get().target == page


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_edit_gets_no_links(method, pilot, groups, as_user):
    reader = factories.UserFactory(is_staff=True)
    reader.user_permissions.add(groups["Redacteur"].permissions.get(codename="access_admin"))
    assert getattr(as_user(reader), method)(links_url(pilot)).status_code == 404
    assert PreviewLink.objects.count() == 0


def test_who_may_not_edit_withdraws_nothing(link, groups, as_user, partner):
    reader = factories.UserFactory(is_staff=True)
    reader.user_permissions.add(groups["Redacteur"].permissions.get(codename="access_admin"))
    for user in (reader, partner):
        assert as_user(user).post(reverse("preview_link_withdraw", args=[link.pk])).status_code == 404
    assert PreviewLink.objects.valid().count() == 1


def test_getting_the_withdraw_address_withdraws_nothing(link, editor, as_user):
    assert as_user(editor).get(reverse("preview_link_withdraw", args=[link.pk])).status_code == 405
    assert PreviewLink.objects.valid().count() == 1


@pytest.mark.parametrize("path", ["geen/pilot/1", "pilots/geen/1", "pilots/pilot/0", "core/source/1"])
def test_what_has_no_drafts_has_no_links(path, editor, as_user):
    factories.SourceFactory()
    assert as_user(editor).get(f"/admin/voorbeeldlinks/{path}/").status_code == 404
