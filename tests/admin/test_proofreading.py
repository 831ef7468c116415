"""Errors stop every road to publication, the draft is kept, and the editor reads what to mend and where."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import TaskState

from mkbroute.models import ContentPage
from pilots.models import Pilot
from tests import factories
from tests.admin.conftest import edit_url, messages

WRONG = "<h3>Te diep</h3><p><a href='/bestaat/niet/'>Weg</a></p>"
PLACES = [
    "Verhaal, blok 1 (Tekst): na kop 1 komt kop 2, maar hier staat kop 3.",
    "Verhaal, blok 1 (Tekst): de link ‘Weg’ is dood: op dit adres staat niets.",
]


def with_text(data: dict, html: str) -> dict:
    """What a form sends that has one block of text."""
    block = {"body-count": "1", "body-0-type": "text", "body-0-order": "0", "body-0-deleted": "", "body-0-id": "a"}
    typed = ContentstateConverter(features=["h2", "h3", "link"]).from_database_format(html)
    return {**data, **block, "body-0-value": typed}


@pytest.fixture
def pilot(db):
    return factories.PilotFactory(summary="Oud")


def findings(response) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return [" ".join(item.text.split()) for item in page.select(".messages li li")]


@pytest.fixture
def page(groups):
    page = factories.ContentPageFactory(title="Over ons", lead="Oud")
    page.save_revision().publish()
    return page


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_pilot_with_errors_is_kept_as_a_draft_and_every_place_is_named(action, pilot, team, read_form):
    data = {**with_text(read_form(team, edit_url(pilot)), WRONG), "summary": "Nieuw", action: "1"}
    response = team.post(edit_url(pilot), data, follow=True)
    assert findings(response) == PLACES
    assert response.redirect_chain[-1][0] == edit_url(pilot)
    pilot.refresh_from_db()
    assert (pilot.summary, pilot.workflow_in_progress) == ("Oud", False)
    assert pilot.get_latest_revision_as_object().summary == "Nieuw"


def test_planning_is_publishing_later_and_refused_too(pilot, team, read_form):
    data = with_text(read_form(team, edit_url(pilot)), WRONG)
    data |= {"go_live_at": "30-11-2099 09:00", "action-publish": "1"}
    assert findings(team.post(edit_url(pilot), data, follow=True)) == PLACES
    assert Pilot.objects.get().scheduled_revision is None


def test_a_draft_with_errors_is_simply_saved(pilot, team, read_form):
    response = team.post(edit_url(pilot), with_text(read_form(team, edit_url(pilot)), WRONG), follow=True)
    assert messages(response)[0].startswith("Het concept van")
    assert findings(response) == []


def test_something_new_with_errors_becomes_a_draft(team, read_form):
    add = reverse(Pilot.snippet_viewset.get_url_name("add"))
    sector = factories.SectorFactory()
    data = {
        **with_text(read_form(team, add), WRONG),
        "title": "Nieuw",
        "summary": "Waar dit over gaat.",
        "number": "8",
        "sector": sector.pk,
        "review_on": "30-11-2099",
    }
    assert findings(team.post(add, {**data, "action-publish": "1"}, follow=True)) == PLACES
    assert (Pilot.objects.get().live, Pilot.objects.get().title) == (False, "Nieuw")


@pytest.fixture
def submitted(pilot, desk, read_form):
    """Sent in when it was fine; what it links to has gone since."""
    factories.PilotFactory(slug="weg")
    data = with_text(read_form(desk, edit_url(pilot)), "<p><a href='/pilots/weg/'>Weg</a></p>")
    desk.post(edit_url(pilot), {**data, "summary": "Nieuw", "action-submit": "1"})
    Pilot.objects.get(slug="weg").delete()
    return pilot


GONE = ["Verhaal, blok 1 (Tekst): de link ‘Weg’ is dood: op dit adres staat niets."]


def test_an_approval_publishes_no_errors(submitted, team):
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    approve = reverse(Pilot.snippet_viewset.get_url_name("workflow_action"), args=[submitted.pk, "approve", state.pk])
    assert findings(team.post(approve, {"comment": ""}, follow=True)) == GONE
    answer = team.post(approve, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert answer == {"step": "success", "redirect": edit_url(submitted)}
    submitted.refresh_from_db()
    assert (submitted.summary, submitted.workflow_in_progress) == ("Oud", True)
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_an_approval_from_the_edit_screen_publishes_no_errors(submitted, team, read_form):
    data = with_text(read_form(team, edit_url(submitted)), WRONG)
    data |= {"action-workflow-action": "1", "workflow-action-name": "approve"}
    assert findings(team.post(edit_url(submitted), data, follow=True)) == PLACES
    submitted.refresh_from_db()
    assert submitted.summary == "Oud"


def test_after_an_approval_the_team_reads_that_it_is_on_the_site(submitted, team, read_form):
    data = with_text(read_form(team, edit_url(submitted)), "<p>Goed.</p>")
    data |= {"action-workflow-action": "1", "workflow-action-name": "approve"}
    response = team.post(edit_url(submitted), data, follow=True)
    assert messages(response)[0].startswith(f"‘{submitted}’ is goedgekeurd en staat op de site.")
    assert Pilot.objects.get().summary == "Nieuw"


def test_sending_back_what_has_errors_is_possible(submitted, team):
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    reject = reverse(Pilot.snippet_viewset.get_url_name("workflow_action"), args=[submitted.pk, "reject", state.pk])
    assert findings(team.post(reject, {"comment": "De link is dood."}, follow=True)) == []
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_REJECTED


def test_going_back_to_an_old_version_is_checked_too(pilot, team, read_form):
    for text in (WRONG, "<p>Goed.</p>"):
        team.post(edit_url(pilot), with_text(read_form(team, edit_url(pilot)), text))
    old = pilot.revisions.order_by("pk")[1]
    revert = reverse(Pilot.snippet_viewset.get_url_name("revisions_revert"), args=[pilot.pk, old.pk])
    data = with_text(read_form(team, revert), WRONG)
    assert findings(team.post(revert, {**data, "action-publish": "1"}, follow=True)) == PLACES


# --- Pages of the tree ------------------------------------------------------------------------------------

PAGE_PLACES = [place.replace("Verhaal", "Tekst") for place in PLACES]


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_page_with_errors_is_kept_as_a_draft(action, page, team, read_form):
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = {**with_text(read_form(team, where), WRONG), "lead": "Nieuw", action: "1"}
    assert findings(team.post(where, data, follow=True)) == PAGE_PLACES
    page.refresh_from_db()
    assert (page.lead, page.latest_revision.content["lead"], page.workflow_in_progress) == ("Oud", "Nieuw", False)


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_new_page_with_errors_never_shows(action, page, team, read_form):
    add = reverse("wagtailadmin_pages:add", args=["mkbroute", "contentpage", page.get_parent().pk])
    data = {
        **with_text(read_form(team, add), WRONG),
        "title": "Nieuw",
        "slug": "nieuw",
        "review_on": "30-11-2099",
        action: "1",
    }
    assert findings(team.post(add, data, follow=True)) == PAGE_PLACES
    made = ContentPage.objects.get(slug="nieuw")
    assert (made.live, made.workflow_in_progress) == (False, False)
    assert team.get("/nieuw/").status_code == 404


def draft_with_errors(page):
    page.body = page._meta.get_field("body").stream_block.to_python([{"type": "text", "value": WRONG}])
    page.save_revision()


def test_publishing_many_at_once_publishes_none_when_one_has_errors(page, team):
    fine = factories.ContentPageFactory(title="Goed", live=False)
    fine.save_revision()
    draft_with_errors(page)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = team.post(f"{address}?id={fine.pk}&id={page.pk}&next=/admin/", follow=True)
    assert findings(response) == PAGE_PLACES
    fine.refresh_from_db()
    page.refresh_from_db()
    assert (fine.live, page.has_unpublished_changes) == (False, True)


def test_pages_below_are_checked_when_they_are_published_along(page, team):
    below = factories.ContentPageFactory(parent=page, live=False)
    draft_with_errors(below)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = team.post(f"{address}?id={page.pk}&next=/admin/", {"include_descendants": "on"}, follow=True)
    assert findings(response) == PAGE_PLACES
    below.refresh_from_db()
    assert below.live is False


def test_publishing_many_at_once_stops_a_claim_with_an_empty_place_for_a_source(page, team):
    empty = {"type": "item", "id": "x", "value": None}
    claim = {"type": "claim", "value": {"text": "<p>Zo is het.</p>", "sources": [empty]}}
    page.body = page._meta.get_field("body").stream_block.to_python([claim])
    page.save_revision(clean=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = team.post(f"{address}?id={page.pk}&next=/admin/", follow=True)
    assert findings(response) == ["Tekst, blok 1 (Bewering met bron): bij ‘Bewering met bron’ hoort een bron."]


def test_a_draft_below_does_not_stop_the_copying_of_what_is_live(page, team):
    below = factories.ContentPageFactory(parent=page, live=False)
    below.body = page._meta.get_field("body").stream_block.to_python([{"type": "text", "value": WRONG}])
    below.save()
    copy = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": page.get_parent().pk}
    team.post(copy, {**data, "publish_copies": "on", "copy_subpages": "on"})
    made = ContentPage.objects.get(slug="kopie")
    assert (made.live, made.get_children().get().live) == (True, False)


@pytest.mark.parametrize("option", ["publish_copies", "alias"])
def test_a_copy_with_errors_does_not_appear_at_once(option, page, team):
    page.body = page._meta.get_field("body").stream_block.to_python([{"type": "text", "value": WRONG}])
    page.save()
    copy = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": page.get_parent().pk}
    assert findings(team.post(copy, {**data, option: "on"}, follow=True)) == PAGE_PLACES
    assert not ContentPage.objects.filter(slug="kopie").exists()
    team.post(copy, data)
    assert ContentPage.objects.get(slug="kopie").live is False


# --- Advice and the panel ---------------------------------------------------------------------------------


def test_advice_is_shown_after_saving_and_stops_nothing(pilot, team, read_form):
    data = {**read_form(team, edit_url(pilot)), "review_on": "", "summary": "Nieuw", "action-publish": "1"}
    response = team.post(edit_url(pilot), data, follow=True)
    assert findings(response) == ["Beheer: kies een datum waarop u de pagina weer nakijkt."]
    assert Pilot.objects.get().summary == "Nieuw"


def test_advice_on_a_page_is_shown_after_saving(page, team, read_form):
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = with_text(read_form(team, where), "<p>Het kost € 12.</p>")
    assert findings(team.post(where, data, follow=True)) == [
        "Tekst, blok 1 (Tekst): waar komt dit getal vandaan? Zet er een bron bij: ‘Het kost € 12.’"
    ]


def in_panel(response) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return [" ".join(item.text.split()) for item in page.select(".proofreading li")]


def test_the_panel_shows_the_findings_of_the_draft(pilot, team, read_form):
    assert in_panel(team.get(edit_url(pilot))) == []
    team.post(edit_url(pilot), with_text(read_form(team, edit_url(pilot)), WRONG))
    assert in_panel(team.get(edit_url(pilot))) == PLACES


def test_the_panel_of_a_page_shows_the_findings_of_its_draft(page, team):
    draft_with_errors(page)
    assert in_panel(team.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))) == PAGE_PLACES


def test_what_an_editor_wrote_is_shown_as_text_and_never_run(pilot, team, read_form):
    data = with_text(read_form(team, edit_url(pilot)), "<p><a href='/weg/'>&lt;script&gt;x&lt;/script&gt;</a></p>")
    response = team.post(edit_url(pilot), {**data, "action-publish": "1"}, follow=True)
    assert "<script>x</script>" not in response.content.decode()
    assert "‘<script>x</script>’ is dood" in findings(response)[0]
