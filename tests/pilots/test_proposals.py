"""Partners propose changes to the page of their pilot: their side, from beginning to sending in."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from pilots.actions.proposals import approve_proposal, save_proposal, start_proposal, submit_proposal
from pilots.content import content_of
from pilots.models import Pilot, Proposal, Role
from tests import factories

OVERVIEW, EDIT, CHECK, PREVIEW, WITHDRAW = (
    *("portal_proposal", "portal_proposal_edit", "portal_proposal_check"),
    *("portal_proposal_preview", "portal_proposal_withdraw"),
)


def at(name: str, pilot) -> str:
    return reverse(name, args=[pilot.slug])


@pytest.fixture
def page(pilot):
    """The pilot as it stands on the site, with a programme and two partners."""
    factories.ProgrammeFactory(pilot=pilot, title="Ad Bouw", rhythm="3 dagen bedrijf", sort_order=0)
    lead = factories.OrganisationFactory(title="Hogeschool Noord")
    school = factories.OrganisationFactory(title="Hogeschool Zuid")
    factories.PartnershipFactory(pilot=pilot, organisation=lead, role=Role.LEAD, sort_order=0)
    factories.PartnershipFactory(pilot=pilot, organisation=school, role=Role.HOGESCHOOL, sort_order=1)
    return Pilot.objects.get(pk=pilot.pk)


@pytest.fixture
def proposal(page, writer):
    """Begun by the redacteur."""
    return start_proposal(pilot=page, by=writer, submission=uuid.uuid4())


def form_of(client, page) -> dict:
    """What the form on a page would send if nothing were changed, without its buttons."""
    form = BeautifulSoup(client.get(at(EDIT, page)).content, "html.parser").select_one("form#voorstel")
    return fields_of(form)


def fields_of(form) -> dict:
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data.setdefault(field["name"], []).append(field.get("value", "on"))
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            data[field["name"]] = chosen["value"] if chosen else ""
        else:
            data[field["name"]] = field.get("value", "") if field.name == "input" else field.text.removeprefix("\n")
    return data


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [EDIT, CHECK, PREVIEW, WITHDRAW])
def test_only_who_writes_in_the_pilot_comes_to_the_form(
    name, proposal, page, lead, writer, reader, colleague, outsider, as_user
):
    answers = [as_user(user).get(at(name, page)).status_code for user in (lead, writer, reader, colleague, outsider)]
    assert answers == [200, 200, 404, 404, 404]
    assert as_user(None).get(at(name, page)).url.startswith("/account/login/")


def test_a_reader_sees_how_it_stands_and_can_change_nothing(proposal, page, reader, colleague, as_user):
    response = as_user(reader).get(at(OVERVIEW, page))
    assert "Concept." in response.content.decode()
    assert at(EDIT, page) not in response.content.decode()
    for name in (OVERVIEW, EDIT, CHECK, WITHDRAW):
        assert [as_user(user).post(at(name, page)).status_code for user in (reader, colleague)] == [404, 404]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version) == ("concept", 1)


def test_who_lost_the_right_while_typing_saves_nothing(proposal, page, writer, as_user):
    client = as_user(writer)
    data = form_of(client, page)
    writer.memberships.all().delete()
    assert client.post(at(EDIT, page), {**data, "summary": "Anders", "actie": "bewaar"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.content == proposal.base


# --- Beginning and saving ---------------------------------------------------------------------------------------------


def test_beginning_twice_gives_one_proposal(page, writer, lead, as_user):
    form = {"submission": uuid.uuid4()}
    assert as_user(writer).post(at(OVERVIEW, page), form).url == at(EDIT, page)
    as_user(writer).post(at(OVERVIEW, page), form)
    as_user(lead).post(at(OVERVIEW, page), {"submission": uuid.uuid4()})
    assert [one.author for one in Proposal.objects.all()] == [writer]


def test_the_back_button_after_it_is_settled_begins_nothing(page, writer, as_user):
    form = {"submission": uuid.uuid4()}
    as_user(writer).post(at(OVERVIEW, page), form)
    Proposal.objects.update(state="ingetrokken")
    as_user(writer).post(at(OVERVIEW, page), form)
    assert Proposal.objects.count() == 1


def test_a_pilot_that_is_not_on_the_site_has_nothing_to_propose(page, writer, as_user):
    Pilot.objects.update(live=False)
    assert "nog niet op de site" in as_user(writer).get(at(OVERVIEW, page)).content.decode()
    as_user(writer).post(at(OVERVIEW, page), {"submission": uuid.uuid4()})
    assert Proposal.objects.count() == 0


def test_saving_nothing_new_changes_nothing(proposal, page, writer, as_user):
    client = as_user(writer)
    assert client.post(at(EDIT, page), {**form_of(client, page), "actie": "bewaar"}).url == at(EDIT, page)
    proposal.refresh_from_db()
    assert (proposal.version, proposal.content) == (1, proposal.base)


def test_a_draft_is_kept_as_it_was_typed_and_the_page_stays(proposal, page, writer, as_user):
    client = as_user(writer)
    data = {**form_of(client, page), "title": "", "programmes-0-duration_years": "twee", "note": "Nieuw verhaal"}
    client.post(at(EDIT, page), {**data, "actie": "bewaar"})
    assert form_of(client, page)["programmes-0-duration_years"] == "twee"
    assert (form_of(client, page)["title"], form_of(client, page)["note"]) == ("", "Nieuw verhaal")
    page.refresh_from_db()
    assert (page.title, page.has_unpublished_changes, page.revisions.count()) == ("Bouwkunde", False, 0)


def test_what_a_partner_may_not_change_cannot_be_smuggled_in(proposal, page, writer, moderator, as_user):
    client = as_user(writer)
    lead_row = page.partnerships.get(role=Role.LEAD)
    data = {
        **form_of(client, page),
        "slug": "gekaapt",
        "number": "1",
        "status": "lopend",
        "live": "",
        "summary": "Nieuw",
        "partnerships-0-role": "penvoerder",
        "partnerships-0-key": str(lead_row.pk),
    }
    client.post(at(EDIT, page), {**data, "actie": "bewaar"})
    proposal.refresh_from_db()
    assert set(proposal.content) == set(content_of(page.serializable_data()))
    assert [row["key"] for row in proposal.content["partnerships"]] == ["nieuw-1"]
    assert client.get(at(CHECK, page)).url == f"{at(EDIT, page)}?nakijken"  # penvoerder is no choice


# --- Rows without script ----------------------------------------------------------------------------------------------


def test_the_buttons_of_rows_keep_what_was_typed_and_save_nothing(proposal, page, writer, as_user):
    client = as_user(writer)
    data = {**form_of(client, page), "summary": "Half getypt", "programmes-0-places": "Zwolle"}
    response = client.post(at(EDIT, page), {**data, "actie": "erbij:programmes"})
    again = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    assert (again["summary"], again["programmes-0-places"], again["programmes-count"]) == ("Half getypt", "Zwolle", "2")
    again |= {"programmes-1-title": "Ad Installatie", "actie": "omhoog:programmes:nieuw-1"}
    response = client.post(at(EDIT, page), again)
    again = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    assert (again["programmes-0-title"], again["programmes-1-title"]) == ("Ad Installatie", "Ad Bouw")
    proposal.refresh_from_db()
    assert proposal.version == 1
    client.post(at(EDIT, page), {**again, "actie": "bewaar"})
    proposal.refresh_from_db()
    assert [row["title"] for row in proposal.content["programmes"]] == ["Ad Installatie", "Ad Bouw"]


def test_a_row_taken_away_can_be_put_back(proposal, page, writer, as_user):
    client, key = as_user(writer), str(page.programmes.get().pk)
    response = client.post(at(EDIT, page), {**form_of(client, page), "actie": f"weg:programmes:{key}"})
    assert "‘Ad Bouw’ gaat van de pagina." in response.content.decode()
    without = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    response = client.post(at(EDIT, page), {**without, "actie": f"terug:programmes:{key}"})
    again = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    client.post(at(EDIT, page), {**again, "actie": "bewaar"})
    proposal.refresh_from_db()
    assert proposal.content == proposal.base


@pytest.mark.parametrize(
    "button", ["weg:status:1", "weg", "omhoog:programmes:x", "terug:programmes:999", "::", "x:y:z:w"]
)
def test_a_forged_button_breaks_nothing(button, proposal, page, writer, as_user):
    client = as_user(writer)
    assert client.post(at(EDIT, page), {**form_of(client, page), "actie": button}).status_code in (200, 302)
    proposal.refresh_from_db()
    assert proposal.content == proposal.base


@pytest.mark.parametrize("count", ["", "-1", "x", "99999999"])
def test_a_forged_number_of_rows_breaks_nothing(count, proposal, page, writer, as_user):
    client = as_user(writer)
    data = {**form_of(client, page), "programmes-count": count, "actie": "erbij:programmes"}
    assert client.post(at(EDIT, page), data).status_code == 200


# --- Two tabs, two colleagues -----------------------------------------------------------------------------------------


def test_who_saves_over_a_colleague_is_told_and_keeps_what_was_typed(proposal, page, writer, lead, as_user):
    mine, theirs = as_user(writer), as_user(lead)
    opened = form_of(mine, page)
    theirs.post(at(EDIT, page), {**form_of(theirs, page), "summary": "Van Petra", "actie": "bewaar"})
    response = mine.post(at(EDIT, page), {**opened, "summary": "Van Sam", "actie": "bewaar"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Petra heeft intussen een nieuwere versie bewaard." in text
    assert [(c.before, c.after) for c in response.context["theirs"]] == [("Van Sam", "Van Petra")]
    proposal.refresh_from_db()
    assert proposal.content["summary"] == "Van Petra"
    again = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    assert again["summary"] == "Van Sam"
    mine.post(at(EDIT, page), {**again, "actie": "bewaar"})
    proposal.refresh_from_db()
    assert proposal.content["summary"] == "Van Sam"


def test_a_row_button_does_not_make_an_old_tab_new(proposal, page, writer, lead, as_user):
    mine, theirs = as_user(writer), as_user(lead)
    opened = form_of(mine, page)
    theirs.post(at(EDIT, page), {**form_of(theirs, page), "summary": "Van Petra", "actie": "bewaar"})
    response = mine.post(at(EDIT, page), {**opened, "actie": "erbij:programmes"})
    again = fields_of(BeautifulSoup(response.content, "html.parser").select_one("form#voorstel"))
    response = mine.post(at(EDIT, page), {**again, "summary": "Van Sam", "actie": "bewaar"})
    assert "heeft intussen een nieuwere versie bewaard" in response.content.decode()


def test_what_was_typed_in_a_settled_proposal_becomes_a_new_one(proposal, page, writer, lead, moderator, as_user):
    content = {**proposal.content, "summary": "Van Petra"}
    content["programmes"] = [*content["programmes"], {**content["programmes"][0], "key": "nieuw-1", "title": "Ad Zorg"}]
    proposal = save_proposal(proposal=proposal, content=content, note="", version=1, by=lead)
    mine = as_user(writer)
    opened = form_of(mine, page)
    proposal = submit_proposal(proposal=proposal, version=2, by=lead)
    approve_proposal(proposal=proposal, version=3, by=moderator)
    response = mine.post(at(EDIT, page), {**opened, "region_note": "Ook Drenthe", "actie": "bewaar"}, follow=True)
    assert "is bewaard als een nieuw voorstel" in response.content.decode()
    fresh = Proposal.objects.open().get()
    assert {name for name in fresh.content if fresh.content[name] != fresh.base[name]} == {"region_note"}


# --- Checking and sending in ------------------------------------------------------------------------------------------


@pytest.fixture
def changed(proposal, writer):
    content = {**proposal.content, "summary": "Nieuwe tekst."}
    return save_proposal(proposal=proposal, content=content, note="", version=1, by=writer)


def test_sending_in_wants_a_whole_form(proposal, page, writer, as_user):
    client = as_user(writer)
    data = {**form_of(client, page), "title": "", "programmes-0-duration_years": "12"}
    response = client.post(at(EDIT, page), {**data, "actie": "controleer"}, follow=True)
    summary = BeautifulSoup(response.content, "html.parser").select_one(".error-summary")
    links = {link["href"]: " ".join(link.text.split()) for link in summary.select("a")}
    assert links == {
        "#id_title": "Titel: Vul een titel in.",
        "#programmes-0": "Opleiding 1: let op: Een opleiding duurt 1 tot 8 jaar.",
    }
    assert [response.content.decode().count(f'id="{anchor[1:]}"') for anchor in links] == [1, 1]


def test_it_is_sent_in_as_it_was_shown(changed, page, writer, lead, as_user):
    response = as_user(writer).get(at(CHECK, page))
    assert [(c.place, c.before, c.after) for c in response.context["changes"]] == [
        ("Samenvatting", "Waar dit over gaat.", "Nieuwe tekst.")
    ]
    save_proposal(proposal=changed, content={**changed.content, "summary": "Stiekem."}, note="", version=2, by=lead)
    response = as_user(writer).post(at(CHECK, page), {"version": 2}, follow=True)
    assert "intussen een nieuwere versie" in response.content.decode()
    assert Proposal.objects.get().state == "concept"
    response = as_user(writer).post(at(CHECK, page), {"version": 3}, follow=True)
    assert "Uw voorstel is ingestuurd." in response.content.decode()
    sent = Proposal.objects.get()
    assert (sent.state, sent.author, sent.revisions.count()) == ("ingediend", writer, 1)


def test_a_second_click_on_sending_in_changes_nothing(changed, writer):
    first = submit_proposal(proposal=changed, version=2, by=writer)
    second = submit_proposal(proposal=changed, version=2, by=writer)
    assert (first.version, second.version, second.revisions.count()) == (3, 3, 1)


def test_an_empty_proposal_is_not_sent_in(proposal, page, writer, as_user):
    response = as_user(writer).post(at(CHECK, page), {"version": 1}, follow=True)
    assert "U hebt nog niets veranderd" in response.content.decode()
    assert Proposal.objects.get().state == "concept"


def test_data_of_a_person_needs_a_reason(changed, page, writer, as_user):
    content = {**changed.content, "region_note": "Bel 06-12345678"}
    save_proposal(proposal=changed, content=content, note="", version=2, by=writer)
    response = as_user(writer).post(at(CHECK, page), {"version": 3})
    assert "06-12345678" in response.content.decode()
    assert Proposal.objects.get().state == "concept"
    as_user(writer).post(at(CHECK, page), {"version": 3, "privacy_reason": "Algemeen nummer"})
    assert (Proposal.objects.get().state, Proposal.objects.get().privacy_reason) == ("ingediend", "Algemeen nummer")


def test_changing_what_was_sent_in_takes_it_back(changed, page, writer, as_user):
    submit_proposal(proposal=changed, version=2, by=writer)
    client = as_user(writer)
    client.post(at(EDIT, page), {**form_of(client, page), "summary": "Toch anders", "actie": "bewaar"})
    assert Proposal.objects.get().state == "concept"


def test_the_preview_is_the_public_page_with_the_proposal_in_it(changed, page, writer, as_user):
    content = {**changed.content, "partnerships": [{"key": "nieuw-1", "organisation": None, "role": "", "note": "x"}]}
    content["programmes"] = [{**content["programmes"][0], "duration_years": "twee"}]
    save_proposal(proposal=changed, content=content, note="", version=2, by=writer)
    response = as_user(writer).get(at(PREVIEW, page))
    assert response.status_code == 200
    assert "Nieuwe tekst." in response.content.decode()
    assert "Nieuwe tekst." not in as_user(None).get(page.get_absolute_url()).content.decode()


def test_a_withdrawn_proposal_makes_room_for_another(changed, page, writer, lead, as_user):
    assert "Voorstel intrekken?" in as_user(lead).get(at(WITHDRAW, page)).content.decode()
    as_user(lead).post(at(WITHDRAW, page), {"version": 1})
    assert Proposal.objects.get().state == "concept"  # somebody saved since
    as_user(lead).post(at(WITHDRAW, page), {"version": 2})
    assert Proposal.objects.get().state == "ingetrokken"
    start_proposal(pilot=page, by=writer, submission=uuid.uuid4())
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["concept", "ingetrokken"]


# --- When the page changed meanwhile ----------------------------------------------------------------------------------


def test_who_changed_the_same_as_the_team_sees_both_and_chooses(changed, page, writer, moderator, as_user):
    page.summary, page.region_note = "Van het team.", "Ook Drenthe"
    page.save_revision(user=moderator).publish(user=moderator)
    client = as_user(writer)
    response = client.get(at(CHECK, page))
    assert response.context["clash"] == "Samenvatting"
    assert "Van het team." in response.content.decode()
    assert "Stuur in" not in response.content.decode()
    client.post(at(CHECK, page), {"version": 2})
    assert Proposal.objects.get().state == "concept"
    client.post(at(CHECK, page), {"version": 2, "actie": "bijwerken"})
    proposal = Proposal.objects.get()
    assert (proposal.content["summary"], proposal.content["region_note"]) == ("Nieuwe tekst.", "Ook Drenthe")
    response = client.get(at(CHECK, page))
    assert [(c.before, c.after) for c in response.context["changes"]] == [("Van het team.", "Nieuwe tekst.")]
    client.post(at(CHECK, page), {"version": 3})
    assert Proposal.objects.get().state == "ingediend"


def test_the_partner_reads_that_the_team_works_on_the_page_too_and_not_what(page, writer, moderator, as_user):
    page.summary = "Geheim concept"
    page.save_revision(user=moderator)
    text = as_user(writer).get(at(OVERVIEW, page)).content.decode()
    assert "Het programmateam werkt ook aan deze pagina." in text
    assert "Geheim concept" not in text


def test_the_overview_takes_as_many_queries_for_three_old_proposals_as_for_one(page, writer, as_user, queries):
    def old():
        factories.ProposalFactory(pilot=page, state="geplaatst", sent_at=page.last_published_at)

    old()
    client = as_user(writer)
    one = queries(client, at(OVERVIEW, page))
    old(), old()
    assert queries(client, at(OVERVIEW, page)) == one


# --- What the portal and "Mijn gegevens" ask --------------------------------------------------------------------------


def test_a_proposal_is_found_by_whom_it_concerns(changed, page, writer, lead, reader, colleague):
    lists = Proposal.objects
    assert [list(lists.drafts_of(user)) for user in (writer, lead)] == [[changed], [changed]]
    assert [list(lists.drafts_of(user)) for user in (reader, colleague)] == [[], []]
    submit_proposal(proposal=changed, version=2, by=writer)
    assert [list(lists.sent_in_by(user)) for user in (writer, lead)] == [[changed], []]
    lists.update(state="teruggestuurd")
    assert [list(lists.asked_of(user)) for user in (writer, lead, reader, colleague)] == [[changed], [changed], [], []]
    lists.update(state="geplaatst")
    assert list(lists.news_for(reader, page.last_published_at)) == [changed]
    assert list(lists.news_for(colleague, page.last_published_at)) == []
