"""Old addresses lead straight to the newest: no chains, no loops."""

from datetime import timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from mkbroute.core.redirects import leave_redirect
from tests import factories


def publish_as(thing, slug: str) -> None:
    """Give something another slug, the way the admin does: a version, then publishing it."""
    thing = type(thing).objects.get(pk=thing.pk)
    thing.slug = slug
    thing.save_revision().publish()


def leads_to(client, address: str) -> str | None:
    """Where an address sends the visitor, or None when it is a page."""
    response = client.get(address)
    assert response.status_code in {200, 301}
    return response.url if response.status_code == 301 else None


def at(slug: str) -> str:
    return reverse("pilot_detail", args=[slug])


def test_both_old_addresses_lead_to_the_newest(db, client):
    pilot = factories.PilotFactory(slug="a")
    publish_as(pilot, "b")
    publish_as(pilot, "c")
    assert [leads_to(client, at(slug)) for slug in "abc"] == [at("c"), at("c"), None]


def test_going_back_to_an_old_address_makes_no_loop(db, client):
    pilot = factories.PilotFactory(slug="a")
    for slug in ("b", "c", "a"):
        publish_as(pilot, slug)
    assert [leads_to(client, at(slug)) for slug in "abc"] == [None, at("a"), at("a")]
    assert Redirect.objects.filter(old_path=at("a").rstrip("/")).count() == 0


def test_an_address_taken_over_by_another_is_that_of_the_other(db, client):
    first = factories.PilotFactory(slug="a")
    publish_as(first, "b")
    second = factories.PilotFactory(slug="a")
    assert leads_to(client, at("a")) is None
    publish_as(second, "c")
    assert [leads_to(client, at(slug)) for slug in "ab"] == [at("c"), None]


def test_a_draft_with_another_slug_redirects_nothing_yet(db, client):
    pilot = factories.PilotFactory(slug="a")
    pilot.slug = "b"
    pilot.save_revision()
    assert Redirect.objects.count() == 0
    assert leads_to(client, at("a")) is None


def test_a_planned_slug_redirects_on_the_day(db, client):
    pilot = factories.PilotFactory(slug="a")
    pilot.slug = "b"
    pilot.go_live_at = timezone.now() + timedelta(days=1)
    revision = pilot.save_revision()
    revision.publish()
    assert leads_to(client, at("a")) is None
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    content = type(revision).objects.get(pk=revision.pk).content
    content["go_live_at"] = timezone.now().isoformat()
    type(revision).objects.filter(pk=revision.pk).update(content=content)
    call_command("publish_scheduled")
    assert [leads_to(client, at(slug)) for slug in "ab"] == [at("b"), None]


def test_what_was_never_public_leaves_no_redirect(db):
    pilot = factories.PilotFactory(slug="a", live=False)
    publish_as(pilot, "b")
    assert Redirect.objects.count() == 0


def test_an_address_that_stays_leaves_no_redirect(db):
    leave_redirect("/pilots/a/", "/pilots/a")
    assert Redirect.objects.count() == 0


# --- Pages of the tree ------------------------------------------------------------------------------------


def test_old_addresses_of_a_page_lead_to_the_newest(client, django_capture_on_commit_callbacks, db):
    page = factories.ContentPageFactory(slug="a")
    for slug in ("b", "c"):
        with django_capture_on_commit_callbacks(execute=True):
            publish_as(page, slug)
    assert [leads_to(client, f"/{slug}/") for slug in "abc"] == ["/c/", "/c/", None]


def test_pages_below_a_renamed_page_move_with_it(client, django_capture_on_commit_callbacks, db):
    page = factories.ContentPageFactory(slug="a")
    factories.ContentPageFactory(slug="kind", parent=page)
    with django_capture_on_commit_callbacks(execute=True):
        publish_as(page, "b")
    assert leads_to(client, "/a/kind/") == "/b/kind/"


def test_a_page_that_came_back_and_went_offline_is_gone_and_not_a_loop(client, django_capture_on_commit_callbacks, db):
    page = factories.ContentPageFactory(slug="a")
    factories.ContentPageFactory(slug="kind", parent=page)
    for slug in ("b", "a"):
        with django_capture_on_commit_callbacks(execute=True):
            publish_as(page, slug)
    for child in type(page).objects.order_by("-path"):
        child.unpublish()
    assert [client.get(address).status_code for address in ("/a/", "/a/kind/")] == [404, 404]


def test_a_page_moved_back_is_no_loop_either(client, django_capture_on_commit_callbacks, db):
    parent, page = factories.ContentPageFactory(slug="onder"), factories.ContentPageFactory(slug="a")
    home = page.get_parent()
    with django_capture_on_commit_callbacks(execute=True):
        page.move(parent, pos="last-child")
    assert leads_to(client, "/a/") == "/onder/a/"
    with django_capture_on_commit_callbacks(execute=True):
        type(page).objects.get(pk=page.pk).move(home, pos="last-child")
    type(page).objects.get(pk=page.pk).unpublish()
    assert client.get("/a/").status_code == 404
