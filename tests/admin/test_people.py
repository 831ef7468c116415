"""The team's screens of who takes part in which pilot."""

import pytest
from django.core import mail

from pilots.models import Membership, PilotInvitation
from tests import factories
from tests.admin.conftest import messages

NEW = {
    "first_name": "Nina", "last_name": "Nieuw", "email": "nina@voorbeeld.nl", "organisation": "", "role": "penvoerder",
    "submission": "6e1c1c1e-7a5b-4a8e-9d3c-444444444444",
}  # fmt: skip


def test_the_team_finds_every_pilot_and_which_lacks_a_penvoerder(team, pilot, lead, other_pilot, colleague):
    page = team.get("/admin/mensen/").content.decode()
    assert "Bouwkunde" in page
    assert page.count("geen penvoerder") == 1  # the other pilot has a redacteur only


def test_the_team_invites_a_penvoerder(team, moderator, pilot, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = team.post(f"/admin/mensen/pilot/{pilot.pk}/", NEW, follow=True)
    assert messages(response) == ["De uitnodiging aan nina@voorbeeld.nl is verstuurd."]
    invitation = PilotInvitation.objects.get()
    assert (invitation.role, invitation.invited_by) == ("penvoerder", moderator)
    assert mail.outbox[0].to == ["nina@voorbeeld.nl"]


def test_an_invitation_that_cannot_be_keeps_what_was_typed(team, pilot, reader):
    response = team.post(f"/admin/mensen/pilot/{pilot.pk}/", {**NEW, "email": reader.email})
    assert "Deze persoon hoort al bij de pilot." in response.content.decode()
    assert response.context["form"]["first_name"].value() == "Nina"


def test_the_team_sends_again_and_withdraws(team, pilot):
    invitation = factories.PilotInvitationFactory(pilot=pilot)
    path = f"/admin/mensen/uitnodiging/{invitation.pk}/"
    assert "opnieuw verstuurd" in messages(team.post(path, {"do": "resend"}, follow=True))[0]
    assert "is ingetrokken" in messages(team.post(path, {"do": "withdraw"}, follow=True))[0]
    assert "al aangenomen of ingetrokken" in messages(team.post(path, {"do": "withdraw"}, follow=True))[0]


def test_the_team_changes_roles_and_keeps_a_penvoerder(team, pilot, lead, reader):
    places = {place.user: f"/admin/mensen/lid/{place.pk}/" for place in Membership.objects.all()}
    assert "geen penvoerder meer" in messages(team.post(places[lead], {"do": "end"}, follow=True))[0]
    assert messages(team.post(places[reader], {"do": "role", "role": "penvoerder"}, follow=True)) == [
        "Lena is nu penvoerder."
    ]
    assert messages(team.post(places[lead], {"do": "end"}, follow=True)) == ["Petra hoort niet meer bij de pilot."]
    assert list(Membership.objects.values_list("user", "role")) == [(reader.pk, "penvoerder")]


def test_a_request_that_makes_no_sense_changes_nothing(team, pilot, lead):
    place = Membership.objects.get()
    for data in ({}, {"do": "role"}, {"do": "role", "role": "baas"}, {"do": "x"}):
        assert messages(team.post(f"/admin/mensen/lid/{place.pk}/", data, follow=True)) == [
            "Kies wat er moet gebeuren."
        ]
    assert list(Membership.objects.values_list("role", flat=True)) == ["penvoerder"]


def paths(pilot) -> list[str]:
    place = factories.MembershipFactory(pilot=pilot)
    invitation = factories.PilotInvitationFactory(pilot=pilot)
    return [
        "/admin/mensen/",
        f"/admin/mensen/pilot/{pilot.pk}/",
        f"/admin/mensen/lid/{place.pk}/",
        f"/admin/mensen/uitnodiging/{invitation.pk}/",
    ]


def test_only_the_team_opens_these_screens(team, desk, lead, outsider, as_user, client, pilot):
    *screens, invitation = paths(pilot)
    assert [browser.get(invitation).status_code for browser in (team, desk)] == [405, 405]  # only posted to
    assert desk.post(invitation, {"do": "withdraw"}).status_code == 302
    assert [as_user(user).post(invitation).status_code for user in (lead, outsider)] == [404, 404]
    assert client.post(invitation).url.startswith("/account/login/")
    for path in screens:
        assert team.get(path, follow=True).status_code == 200
        assert desk.get(path).status_code == 302  # to the start of the admin, with a message
        assert [as_user(user).get(path).status_code for user in (lead, outsider)] == [404, 404]
        assert client.get(path).url.startswith("/account/login/")
    here = screens[2]
    before = Membership.objects.count()
    assert desk.post(here, {"do": "end"}).status_code == 302
    assert Membership.objects.count() == before


def test_only_the_team_finds_them_in_the_menu(team, desk):
    assert ["/admin/mensen/" in client.get("/admin/").content.decode() for client in (team, desk)] == [True, False]


@pytest.mark.parametrize("path", ["/admin/mensen/", "/admin/mensen/pilot/{}/"])
def test_a_list_costs_the_same_for_one_and_for_three(path, team, pilot, queries):
    path = path.format(pilot.pk)
    paths(pilot)
    at_one = queries(team, path)
    paths(pilot), paths(factories.PilotFactory())
    assert queries(team, path) == at_one
