"""Drafts over what is live, planning, history, and two editors on one record."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from network.models import Organisation, Person
from pilots.models import Pilot
from tests import factories
from tests.admin.conftest import edit_url, messages

MAKE = {
    Pilot: factories.PilotFactory,
    Organisation: factories.OrganisationFactory,
    Person: factories.PersonFactory,
}


def url(instance, screen: str, *args) -> str:
    return reverse(type(instance).snippet_viewset.get_url_name(screen), args=[instance.pk, *args])


# --- Draft, publication, planning -------------------------------------------------------------------------


@pytest.mark.parametrize("model", MAKE)
def test_a_draft_leaves_the_live_page_as_it_was(model, team, read_form, client):
    thing = MAKE[model](summary="Zo staat het er")
    team.post(edit_url(thing), {**read_form(team, edit_url(thing)), "summary": "Nog een concept"})
    thing.refresh_from_db()
    assert (thing.live, thing.has_unpublished_changes, thing.summary) == (True, True, "Zo staat het er")
    assert thing.get_latest_revision_as_object().summary == "Nog een concept"


@pytest.mark.parametrize("model", MAKE)
def test_publishing_shows_the_change_to_visitors(model, team, read_form):
    thing = MAKE[model](summary="Oud")
    data = {**read_form(team, edit_url(thing)), "summary": "Nieuw", "action-publish": "1"}
    response = team.post(edit_url(thing), data, follow=True)
    thing.refresh_from_db()
    assert (thing.live, thing.has_unpublished_changes, thing.summary) == (True, False, "Nieuw")
    assert "gepubliceerd" in messages(response)[0]


def test_rows_of_a_draft_stay_out_of_the_live_pilot(team, read_form):
    pilot = factories.ProgrammeFactory(title="Ad ICT").pilot
    data = read_form(team, edit_url(pilot))
    data["programmes-0-title"] = "Ad Cybersecurity"
    team.post(edit_url(pilot), data)
    pilot = Pilot.objects.get()
    assert [programme.title for programme in pilot.programmes.all()] == ["Ad ICT"]
    draft = pilot.get_latest_revision_as_object()
    assert [programme.title for programme in draft.programmes.all()] == ["Ad Cybersecurity"]


@pytest.mark.parametrize("model", MAKE)
def test_a_planned_change_keeps_the_page_up_and_appears_by_itself(model, team, read_form):
    thing = MAKE[model](summary="Oud")
    soon = timezone.localtime() + timedelta(days=3)
    data = read_form(team, edit_url(thing))
    data |= {"summary": "Nieuw", "go_live_at": f"{soon:%d-%m-%Y %H:%M}", "action-publish": "1"}
    team.post(edit_url(thing), data)
    thing.refresh_from_db()
    assert (thing.live, thing.summary) == (True, "Oud")
    revision = thing.scheduled_revision
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    call_command("publish_scheduled")
    thing.refresh_from_db()
    assert (thing.live, thing.summary) == (True, "Nieuw")


def test_an_older_version_can_be_compared_and_put_back(team, read_form):
    pilot = factories.PilotFactory(summary="Eerste tekst")
    for text in ("Tweede tekst", "Derde tekst"):
        data = {**read_form(team, edit_url(pilot)), "summary": text, "action-publish": "1"}
        team.post(edit_url(pilot), data)
    first, second, third = Revision.objects.for_instance(pilot).order_by("pk")
    assert [r.content["summary"] for r in (first, second, third)] == [
        "Eerste tekst",
        "Tweede tekst",
        "Derde tekst",
    ]
    compared = team.get(url(pilot, "revisions_compare", first.pk, third.pk)).content.decode()
    assert '<span class="deletion">Eerste</span>' in compared
    assert '<span class="addition">Derde</span>' in compared
    revert = url(pilot, "revisions_revert", first.pk)
    team.post(revert, {**read_form(team, revert), "action-publish": "1"})
    assert Pilot.objects.get().summary == "Eerste tekst"
    assert Revision.objects.for_instance(pilot).count() == 4


def test_the_preview_is_the_public_page(team, read_form):
    pilot = factories.PilotFactory(summary="Oud")
    preview = url(pilot, "preview_on_edit")
    answer = team.post(preview, {**read_form(team, edit_url(pilot)), "summary": "Alleen voor mij"}).json()
    assert answer == {"is_valid": True, "is_available": True}
    response = team.get(preview)
    assert "Alleen voor mij" in response.content.decode()
    assert "pilots/pilot_detail.html" in [template.name for template in response.templates]
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert Pilot.objects.get().summary == "Oud"


def test_a_locked_pilot_is_edited_by_who_locked_it_alone(team, desk, read_form):
    pilot = factories.PilotFactory(summary="Oud")
    data = {**read_form(desk, edit_url(pilot)), "summary": "Nieuw"}
    team.post(url(pilot, "lock"))
    response = desk.post(edit_url(pilot), data)
    assert messages(response) == ["Pilot is vergrendeld en kan niet worden opgeslagen"]
    assert Pilot.objects.get().has_unpublished_changes is False


# --- Two editors ------------------------------------------------------------------------------------------


def both_open(team, desk, read_form, target_url: str) -> tuple[dict, dict]:
    return read_form(team, target_url), read_form(desk, target_url)


def version_loaded(response) -> dict[str, str]:
    """Which version a form says it was opened with."""
    soup = BeautifulSoup(response.content, "html.parser")
    names = ("loaded_revision_id", "loaded_revision_created_at")
    return {name: soup.select_one(f"[name={name}]")["value"] for name in names}


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(team, desk, moderator, read_form):
    pilot = factories.PilotFactory()
    pilot.save_revision()
    mine, theirs = both_open(team, desk, read_form, edit_url(pilot))
    moderator.first_name, moderator.last_name = "Tess", "Bakker"
    moderator.save()
    team.post(edit_url(pilot), {**mine, "summary": "Van het team"})
    response = desk.post(edit_url(pilot), {**theirs, "summary": "Van de redacteur"})
    assert messages(response) == [
        "Nog niet bewaard: Tess Bakker heeft intussen een nieuwere versie bewaard. Wat u hebt ingevuld staat "
        "hieronder nog. Bekijk eerst wat er is veranderd. Bewaart u daarna opnieuw, dan wordt uw versie de "
        "nieuwste. De andere blijft in de geschiedenis staan."
    ]
    assert "Van de redacteur" in response.content.decode()
    assert Pilot.objects.get().latest_revision.content["summary"] == "Van het team"


def test_who_was_told_can_save_and_the_other_version_stays_in_history(team, desk, read_form):
    pilot = factories.PilotFactory()
    pilot.save_revision()
    mine, theirs = both_open(team, desk, read_form, edit_url(pilot))
    team.post(edit_url(pilot), {**mine, "summary": "Van het team"})
    told = desk.post(edit_url(pilot), {**theirs, "summary": "Van de redacteur"})
    desk.post(edit_url(pilot), {**theirs, **version_loaded(told), "summary": "Van de redacteur"})
    versions = [r.content["summary"] for r in Revision.objects.for_instance(pilot).order_by("pk")]
    assert versions[-2:] == ["Van het team", "Van de redacteur"]


def test_the_first_ever_version_is_not_overwritten_either(team, desk, read_form):
    organisation = factories.OrganisationFactory()  # loaded: it has no version yet
    mine, theirs = both_open(team, desk, read_form, edit_url(organisation))
    team.post(edit_url(organisation), {**mine, "summary": "Van het team", "action-publish": "1"})
    team_version = Organisation.objects.get().latest_revision_id
    response = desk.post(edit_url(organisation), {**theirs, "summary": "Van de redacteur"})
    assert messages(response)[0].startswith("Nog niet bewaard")
    assert Organisation.objects.get().latest_revision_id == team_version


def test_saving_in_the_background_never_overwrites(team, desk, read_form):
    pilot = factories.PilotFactory()
    pilot.save_revision()
    mine, theirs = both_open(team, desk, read_form, edit_url(pilot))
    team.post(edit_url(pilot), {**mine, "summary": "Van het team"})
    response = in_the_background(desk, edit_url(pilot), {**theirs, "summary": "Van de redacteur"})
    assert (response.status_code, response.json()["error_code"]) == (400, "invalid_revision")
    assert Pilot.objects.get().latest_revision.content["summary"] == "Van het team"


def test_one_editor_alone_is_told_nothing(team, read_form):
    pilot = factories.PilotFactory()
    for text in ("Een", "Twee"):
        response = team.post(edit_url(pilot), {**read_form(team, edit_url(pilot)), "summary": text}, follow=True)
        assert messages(response) == [f"Het concept van ‘{pilot}’ is bewaard. Bezoekers zien het nog niet. Wijzig"]
    assert Pilot.objects.get().latest_revision.content["summary"] == "Twee"


def in_the_background(client, where: str, data: dict):
    """What the browser does while somebody types."""
    return client.post(where, data, headers={"accept": "application/json"})


def test_what_the_browser_saved_while_you_typed_is_no_newer_version(team, read_form):
    organisation = factories.OrganisationFactory()
    where = edit_url(organisation)
    opened = read_form(team, where)
    saved = in_the_background(team, where, {**opened, "summary": "Half"}).json()
    typed = {**opened, "overwrite_revision_id": saved["revision_id"], "summary": "Bijna"}
    assert in_the_background(team, where, typed).json()["success"] is True
    response = team.post(where, {**opened, "summary": "Heel", "action-publish": "1"}, follow=True)
    assert "gepubliceerd" in messages(response)[0]
    assert Organisation.objects.get().summary == "Heel"


def test_an_old_window_of_your_own_does_not_hide_what_a_colleague_saved(team, desk, read_form):
    pilot = factories.PilotFactory()
    pilot.save_revision()
    old_window, theirs = both_open(desk, team, read_form, edit_url(pilot))
    team.post(edit_url(pilot), {**theirs, "summary": "Van het team"})
    desk.post(edit_url(pilot), {**read_form(desk, edit_url(pilot)), "summary": "Samen verder"})
    response = desk.post(edit_url(pilot), {**old_window, "summary": "Oud venster"})
    assert messages(response)[-1].startswith("Nog niet bewaard: team@voorbeeld.nl")
    assert Pilot.objects.get().latest_revision.content["summary"] == "Samen verder"


@pytest.mark.parametrize("nonsense", ["gisteren", "2026-13-45T99:00:00+00:00", "' OR 1=1"])
def test_a_version_that_makes_no_sense_is_taken_as_unseen(nonsense, team, desk, read_form):
    pilot = factories.PilotFactory()
    mine, theirs = both_open(team, desk, read_form, edit_url(pilot))
    team.post(edit_url(pilot), {**mine, "summary": "Van het team"})
    response = desk.post(edit_url(pilot), {**theirs, "loaded_revision_created_at": nonsense})
    assert messages(response)[0].startswith("Nog niet bewaard")


@pytest.fixture
def page(groups):
    page = factories.ContentPageFactory(title="Over het programma", lead="Oud")
    page.save_revision().publish()
    return page


def test_the_second_of_two_editors_of_a_page_is_told_and_keeps_what_was_typed(team, desk, page, read_form):
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    mine, theirs = both_open(team, desk, read_form, where)
    team.post(where, {**mine, "lead": "Van het team"})
    response = desk.post(where, {**theirs, "lead": "Van de redacteur"})
    assert messages(response)[0].startswith("Nog niet bewaard: team@voorbeeld.nl heeft intussen")
    assert "Van de redacteur" in response.content.decode()
    page.refresh_from_db()
    assert page.latest_revision.content["lead"] == "Van het team"
    desk.post(where, {**theirs, **version_loaded(response), "lead": "Van de redacteur"})
    page.refresh_from_db()
    assert page.latest_revision.content["lead"] == "Van de redacteur"


def test_one_editor_of_a_page_alone_is_told_nothing(team, page, read_form):
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for text in ("Een", "Twee"):
        team.post(where, {**read_form(team, where), "lead": text})
    page.refresh_from_db()
    assert page.latest_revision.content["lead"] == "Twee"


# --- The form ---------------------------------------------------------------------------------------------


def test_a_slug_left_empty_is_made_from_the_title(team, read_form):
    add = reverse(Organisation.snippet_viewset.get_url_name("add"))
    team.post(add, {**read_form(team, add), "title": "Hogeschool Één & Zoon", "kind": "hogeschool", "slug": ""})
    assert Organisation.objects.get().slug == "hogeschool-een-zoon"
    assert Organisation.objects.get().live is False


def test_a_slug_that_is_taken_is_refused_in_words(team, read_form):
    factories.OrganisationFactory(slug="windesheim")
    add = reverse(Organisation.snippet_viewset.get_url_name("add"))
    response = team.post(add, {**read_form(team, add), "title": "Windesheim", "kind": "hogeschool", "slug": ""})
    assert "Er is al een pagina met deze webnaam. Kies een andere." in response.content.decode()
    assert Organisation.objects.count() == 1


def test_only_the_team_can_own_a_page(team, editor, partner, read_form):
    pilot = factories.PilotFactory()
    page = BeautifulSoup(team.get(edit_url(pilot)).content, "html.parser")
    offered = {option["value"] for option in page.select("select[name=owner] option")}
    assert str(editor.pk) in offered
    assert str(partner.pk) not in offered
    team.post(edit_url(pilot), {**read_form(team, edit_url(pilot)), "owner": partner.pk})
    assert Pilot.objects.get().has_unpublished_changes is False


@pytest.mark.parametrize("model", MAKE)
def test_an_image_needs_words_and_the_form_says_so_at_that_field(model, team, picture, read_form):
    thing = MAKE[model]()
    response = team.post(edit_url(thing), {**read_form(team, edit_url(thing)), "image": picture.pk})
    page = BeautifulSoup(response.content, "html.parser")
    field = page.select_one("[name=image_alt]").find_parent(class_="w-field")
    assert " ".join(field.select_one(".error-message").text.split()) == (
        "Beschrijf wat er op de afbeelding staat, of geef aan dat zij alleen decoratief is."
    )
    assert type(thing).objects.get().has_unpublished_changes is False


@pytest.mark.parametrize("words", [{"image_alt": "Een student soldeert"}, {"image_decorative": "on"}])
def test_an_image_with_words_or_only_for_show_is_saved(words, team, picture, read_form):
    pilot = factories.PilotFactory()
    data = {**read_form(team, edit_url(pilot)), "image": picture.pk, **words, "action-publish": "1"}
    team.post(edit_url(pilot), data)
    assert Pilot.objects.get().image == picture


def test_saying_yes_to_a_mark_needs_a_source(team, read_form):
    pilot = factories.CriterionAnswerFactory().pilot
    data = {**read_form(team, edit_url(pilot)), "criterion_answers-0-answer": "ja"}
    response = team.post(edit_url(pilot), data)
    assert "Bij het antwoord &#x27;Ja&#x27; hoort een bron." in response.content.decode()
    assert Pilot.objects.get().has_unpublished_changes is False


# --- Points on the map ------------------------------------------------------------------------------------


@pytest.fixture
def save_region(team, read_form):
    """Saves the one region of a pilot with these fields; returns the region of the draft and the messages."""
    region = factories.RegionFactory(city="Zwolle", latitude=52.5168, longitude=6.083)

    def save(**fields) -> tuple:
        where = edit_url(region.pilot)
        changed = {f"regions-0-{name}": value for name, value in fields.items()}
        response = team.post(where, {**read_form(team, where), **changed}, follow=True)
        draft = Pilot.objects.get().get_latest_revision_as_object()
        return draft.regions.get(), response

    return save


def test_an_empty_point_is_filled_in_from_the_city(save_region):
    region, _ = save_region(city="Eindhoven", latitude="", longitude="")
    assert (region.latitude, region.longitude) == (51.4416, 5.4697)


def test_a_proposed_point_follows_the_city(save_region):
    region, _ = save_region(city="'s-hertogenbosch")
    assert (region.latitude, region.longitude) == (51.6978, 5.3037)


def test_a_point_the_editor_set_stays(save_region):
    region, _ = save_region(city="Eindhoven", latitude="51.5", longitude="5.5")
    assert (region.latitude, region.longitude) == (51.5, 5.5)


def test_an_unknown_city_stays_without_point_and_the_editor_hears_why(save_region):
    region, response = save_region(city="Nergenshuizen")
    assert (region.latitude, region.longitude) == (None, None)
    assert messages(response)[0] == (
        "De plaats Nergenshuizen kennen wij niet, dus staat die nog niet op de kaart. "
        "Vul zelf de breedtegraad en de lengtegraad in."
    )


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (("52.1", ""), "Vul breedtegraad en lengtegraad allebei in, of laat ze allebei leeg."),
        (("48.8", "2.3"), "Dit punt ligt niet in Nederland. Zwolle ligt op 52,5168 en 6,0830."),
        (("6.083", "52.5168"), "Dit punt ligt niet in Nederland. Zwolle ligt op 52,5168 en 6,0830."),
    ],
)
def test_half_a_point_and_one_abroad_are_refused_in_words(point, message, save_region):
    region, response = save_region(latitude=point[0], longitude=point[1])
    assert message in response.content.decode()
    assert (region.latitude, region.longitude) == (52.5168, 6.083)


def test_an_organisation_gets_its_points_the_same_way(team, read_form):
    place = factories.PlaceFactory(city="Zwolle", latitude=None, longitude=None)
    where = edit_url(place.organisation)
    data = {**read_form(team, where), "places-0-city": "Breda", "action-publish": "1"}
    team.post(where, data)
    place = Organisation.objects.get().places.get()
    assert (place.city, place.latitude, place.longitude) == ("Breda", 51.5719, 4.7683)


def test_a_draft_with_a_date_says_that_nothing_is_planned_yet(team, read_form):
    pilot = factories.PilotFactory(title="Metaal")
    data = {**read_form(team, edit_url(pilot)), "go_live_at": "30-11-2099 09:00"}
    [message] = messages(team.post(edit_url(pilot), data, follow=True))
    assert "Bezoekers zien het nog niet." in message
    assert "nog niets gepland: kies daarvoor ‘Publicatie inplannen’" in message
