"""The team judges what partners propose: exactly the version shown, beside whatever editors have ready."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Revision, Workflow

from mkbroute.core.models import Decision, Mail
from pilots.actions.proposals import (
    approve_proposal,
    continue_proposal,
    proposed_page,
    rebase_proposal,
    return_proposal,
    save_proposal,
    start_proposal,
    submit_proposal,
)
from pilots.content import content_of
from pilots.models import Pilot, Proposal, Role
from pilots.queue import KINDS
from tests import factories

(KIND,) = [kind for kind in KINDS if kind.name == "voorstel"]
BOOKKEEPING = {"latest_revision", "live_revision", "last_published_at", "first_published_at", "has_unpublished_changes"}


@pytest.fixture
def page(pilot):
    """The pilot as it stands on the site, with two programmes and two partners."""
    factories.ProgrammeFactory(pilot=pilot, title="Ad Bouw", rhythm="3 dagen bedrijf", sort_order=0)
    factories.ProgrammeFactory(pilot=pilot, title="Ad Zorg", sort_order=1)
    for number, (title, role) in enumerate([("Noord", Role.LEAD), ("Zuid", Role.HOGESCHOOL)]):
        school = factories.OrganisationFactory(title=title)
        factories.PartnershipFactory(pilot=pilot, organisation=school, role=role, sort_order=number)
    return Pilot.objects.get(pk=pilot.pk)


def propose(pilot, by, note: str = "", **changes) -> Proposal:
    """A proposal sent in with these fields; a function changes the rows of a relation in place."""
    proposal = start_proposal(pilot=pilot, by=by, submission=uuid.uuid4())
    content = change(proposal.content, **changes)
    proposal = save_proposal(proposal=proposal, content=content, note=note, version=proposal.version, by=by)
    return submit_proposal(proposal=proposal, version=proposal.version, by=by)


def change(content: dict, **changes) -> dict:
    content = {**content, **{name: [dict(row) for row in content[name]] for name in ("programmes", "partnerships")}}
    for name, value in changes.items():
        content[name] = value(content[name]) if callable(value) else value
    return content


def approve(proposal, by):
    return approve_proposal(proposal=proposal, version=proposal.version, by=by)


def with_rhythm(text: str, number: int = 0):
    return lambda rows: [{**row, "rhythm": text} if n == number else row for n, row in enumerate(rows)]


def now(pilot) -> Pilot:
    return Pilot.objects.get(pk=pilot.pk)


def titles(pilot) -> list[str]:
    return [programme.title for programme in pilot.programmes.all()]


# --- Approving --------------------------------------------------------------------------------------------------------


def test_approving_puts_fields_and_rows_on_the_page_and_nothing_else_moves(page, writer, moderator):
    programme_keys = [programme.pk for programme in page.programmes.all()]
    other = factories.OrganisationFactory(title="ROC West")
    new = {"key": "nieuw-1", "title": "Ad ICT", "degree": "ad", "form": "duaal", "duration_years": 2}
    new |= dict.fromkeys(["form_note", "places", "entry", "rhythm", "costs", "start"], "")
    proposal = propose(
        page,
        writer,
        summary="Nieuw.",
        programmes=lambda rows: [new, {**rows[1], "costs": "€ 1.250"}],
        partnerships=lambda rows: [
            {"key": "nieuw-1", "organisation": other.pk, "role": "mbo-school", "note": ""},
            *rows,
        ],
    )
    before = page.serializable_data()
    approve(proposal, moderator)
    after = now(page)
    assert (after.summary, titles(after), after.live, after.has_unpublished_changes) == (
        *("Nieuw.", ["Ad ICT", "Ad Zorg"]),
        *(True, False),
    )
    assert after.programmes.all()[1].pk == programme_keys[1]
    assert after.programmes.all()[1].costs == "€ 1.250"
    assert [(p.organisation.title, p.role) for p in after.partnerships.all()] == [
        *(("Noord", "penvoerder"), ("ROC West", "mbo-school"), ("Zuid", "hogeschool")),
    ]
    untouched = set(before) - {"summary", "programmes", "partnerships"} - BOOKKEEPING
    assert {name: after.serializable_data()[name] for name in untouched} == {name: before[name] for name in untouched}


def test_the_history_names_who_proposed_and_who_published(page, writer, moderator):
    approve(propose(page, writer, summary="Nieuw."), moderator)
    assert now(page).latest_revision.user == writer
    logged = {(entry.action, entry.user) for entry in registry.get_logs_for_instance(page)}
    assert logged == {("wagtail.edit", writer), ("wagtail.publish", moderator)}


def test_the_author_is_mailed_and_the_decision_is_kept(page, writer, moderator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        proposal = approve(propose(page, writer, summary="Nieuw."), moderator)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([writer.email], "Uw voorstel is goedgekeurd: pilotpagina Bouwkunde")
    ]
    decision = Decision.objects.on(proposal).get()
    assert (decision.verb, decision.by, decision.version) == ("goedgekeurd", moderator, str(proposal.version))


def test_who_left_is_mailed_nothing_and_the_proposal_stays(page, writer, moderator):
    proposal = propose(page, writer, summary="Nieuw.")
    writer.delete()
    approve(Proposal.objects.get(pk=proposal.pk), moderator)
    assert (now(page).summary, now(page).latest_revision.user, Mail.objects.count()) == ("Nieuw.", None, 0)
    assert Proposal.objects.get().state == "geplaatst"


def test_a_message_alone_publishes_nothing(page, writer, moderator):
    proposal = approve(propose(page, writer, note="Wij lopen nu."), moderator)
    assert (proposal.state, now(page).revisions.count()) == ("geplaatst", 0)


def test_the_check_before_publishing_is_not_passed_by(page, writer, moderator):
    Pilot.objects.update(summary="")
    proposal = propose(now(page), writer, region_note="Ook Drenthe")
    with pytest.raises(ValidationError, match="Samenvatting"):
        approve(proposal, moderator)
    assert "Samenvatting" in KIND.context(Proposal.objects.get(), moderator)["obstacles"][0]
    assert (now(page).region_note, Proposal.objects.get().state) == ("", "ingediend")
    assert now(page).has_unpublished_changes is False


def test_a_page_that_is_taken_off_the_site_is_not_put_back(page, writer, moderator):
    proposal = propose(page, writer, summary="Nieuw.")
    Pilot.objects.update(live=False)
    with pytest.raises(ValidationError, match="niet op de site"):
        approve(proposal, moderator)
    assert now(page).live is False


def test_an_editor_who_may_not_publish_sees_no_queue(page, editor, moderator, writer):
    assert [KIND.may_see(user) for user in (editor, moderator, writer)] == [False, True, False]


# --- The version that was read ----------------------------------------------------------------------------------------


def test_a_later_version_is_not_slipped_through(page, writer, moderator):
    read = propose(page, writer, summary="Gelezen.")
    proposal = save_proposal(
        proposal=read, content={**read.content, "summary": "Later."}, note="", version=read.version, by=writer
    )
    with pytest.raises(ValidationError, match="Er is een nieuwere versie"):
        approve(read, moderator)
    submit_proposal(proposal=proposal, version=proposal.version, by=writer)
    with pytest.raises(ValidationError, match="Er is een nieuwere versie"):
        approve(read, moderator)
    with pytest.raises(ValidationError, match="Er is een nieuwere versie"):
        return_proposal(proposal=read, version=read.version, by=moderator, reason="Nee")
    assert now(page).summary == "Waar dit over gaat."


def test_returned_changed_and_sent_in_again(page, writer, moderator):
    proposal = propose(page, writer, summary="Te lang.", region_note="Ook Drenthe")
    with pytest.raises(ValidationError, match="waarom"):
        return_proposal(proposal=proposal, version=proposal.version, by=moderator, reason=" ")
    proposal = return_proposal(proposal=proposal, version=proposal.version, by=moderator, reason="Graag korter.")
    assert KIND.choices(proposal) == []
    proposal = save_proposal(
        proposal=proposal,
        content={**proposal.content, "summary": "Kort."},
        note="",
        version=proposal.version,
        by=writer,
    )
    proposal = submit_proposal(proposal=proposal, version=proposal.version, by=writer)
    changes = KIND.context(Proposal.objects.get(), moderator)["changes"]
    assert [(one.place, one.is_new) for one in changes] == [
        *(("Samenvatting", True), ("Opmerking bij de regio", False)),
    ]
    approve(proposal, moderator)
    assert now(page).summary == "Kort."


def test_what_is_settled_stays_settled(page, writer, moderator):
    proposal = propose(page, writer, summary="Nieuw.")
    approve(proposal, moderator)
    for act in (
        lambda: approve(proposal, moderator),
        lambda: return_proposal(proposal=proposal, version=proposal.version, by=moderator, reason="Toch niet"),
        lambda: submit_proposal(proposal=proposal, version=proposal.version, by=writer),
        lambda: rebase_proposal(proposal=proposal, version=proposal.version, by=writer),
        lambda: save_proposal(proposal=proposal, content={}, note="", version=proposal.version, by=writer),
    ):
        with pytest.raises(ValidationError, match="al geplaatst"):
            act()
    assert Decision.objects.count() == 1


# --- When the page changed meanwhile ----------------------------------------------------------------------------------


def test_what_the_team_changed_elsewhere_stays(page, writer, moderator):
    proposal = propose(page, writer, summary="Nieuw.", programmes=with_rhythm("4 dagen"))
    page.region_note = "Van het team"
    rows = list(page.programmes.all())
    rows[0].places, rows[1].title = "Zwolle", "Ad Zorg en welzijn"
    page.programmes = rows
    page.save_revision(user=moderator).publish(user=moderator)
    approve(proposal, moderator)
    first, second = now(page).programmes.all()
    assert (now(page).summary, now(page).region_note) == ("Nieuw.", "Van het team")
    assert (first.rhythm, first.places, second.title) == ("4 dagen", "Zwolle", "Ad Zorg en welzijn")


@pytest.mark.parametrize(
    ("theirs", "place"),
    [
        ({"summary": "Van het team."}, "Samenvatting"),
        ({"programmes": with_rhythm("5 dagen")}, "Opleiding ‘Ad Bouw’: week"),
        ({"programmes": lambda rows: rows[1:]}, "Opleiding ‘Ad Bouw’"),
    ],
)
def test_what_both_changed_is_refused_by_name(theirs, place, page, writer, lead, moderator):
    proposal = propose(page, writer, summary="Nieuw.", programmes=with_rhythm("4 dagen"))
    publish(page, moderator, **theirs)
    with pytest.raises(ValidationError, match=place):
        approve(proposal, moderator)
    assert place in KIND.context(Proposal.objects.get(), moderator)["obstacles"][0]
    assert Proposal.objects.get().state == "ingediend"


def publish(pilot, by, **changes):
    """An editor publishes these changes of what partners may change, by the road of the admin."""
    pilot = now(pilot)
    page = proposed_page(pilot, change(content_of(pilot.serializable_data()), **changes))
    page.save_revision(user=by).publish(user=by)


def test_what_was_typed_goes_on_with_the_new_row_it_became(page, writer, moderator):
    new = {**propose_new("Ad ICT"), "key": "nieuw-1"}
    proposal = propose(page, writer, programmes=lambda rows: [*rows, new])
    approve(proposal, moderator)
    typed = change(proposal.content, programmes=with_rhythm("1 dag", 2))
    fresh = continue_proposal(old=proposal, content=typed, note="", by=writer)
    assert [row["key"].isdigit() for row in fresh.content["programmes"]] == [True] * 3
    approve(submit_proposal(proposal=fresh, version=fresh.version, by=writer), moderator)
    assert [programme.rhythm for programme in now(page).programmes.all()] == ["3 dagen bedrijf", "", "1 dag"]


def propose_new(title: str) -> dict:
    fields = ["degree", "form", "form_note", "places", "entry", "rhythm", "costs", "start"]
    return {"title": title, "duration_years": None, **dict.fromkeys(fields, "")}


# --- An editor's own draft, a plan, a review --------------------------------------------------------------------------


def test_a_draft_of_an_editor_stays_the_newest_with_the_change_in_it(
    page, writer, editor, moderator, django_capture_on_commit_callbacks
):
    draft = now(page)
    draft.summary, draft.llo_challenge = "Van de redacteur.", "Van de redacteur."
    rows = list(draft.programmes.all())
    rows[1].title = "Ad Zorg en welzijn"
    draft.programmes = [*rows, factories.ProgrammeFactory.build(pilot=None, title="Ad Nieuw", sort_order=2)]
    old = Revision.objects.get(pk=draft.save_revision(user=editor).pk)
    proposal = propose(page, writer, summary="Van de partner.", programmes=with_rhythm("4 dagen"))
    told = KIND.context(Proposal.objects.get(), moderator)["warnings"]
    assert "concept van redacteur@voorbeeld.nl" in told[0]
    assert "zijn eigen tekst: Samenvatting." in told[0]
    with django_capture_on_commit_callbacks(execute=True):
        approve(proposal, moderator)
    after = now(page)
    assert (after.summary, after.has_unpublished_changes) == ("Van de partner.", True)
    newest = after.latest_revision
    assert (newest.user, newest.pk != old.pk) == (editor, True)
    expected = {name: value for name, value in old.content.items() if name not in BOOKKEEPING}
    expected["programmes"][0]["rhythm"] = "4 dagen"
    assert {name: value for name, value in newest.content.items() if name not in BOOKKEEPING} == expected
    [letter] = [letter for letter in mail.outbox if letter.to == [editor.email]]
    assert "Hier hield uw concept zijn eigen tekst: Samenvatting." in letter.body
    newest.publish(user=moderator)
    assert (now(page).summary, titles(now(page))) == (
        "Van de redacteur.",
        ["Ad Bouw", "Ad Zorg en welzijn", "Ad Nieuw"],
    )
    assert now(page).programmes.all()[0].rhythm == "4 dagen"


def test_a_plan_stays_and_does_not_undo_what_was_approved(page, writer, moderator):
    plan = now(page)
    plan.llo_challenge, plan.go_live_at = "Straks.", timezone.now() + timedelta(hours=1)
    plan.save_revision(user=moderator).publish(user=moderator)
    proposal = propose(page, writer, summary="Van de partner.")
    assert "gepland" in KIND.context(Proposal.objects.get(), moderator)["warnings"][0]
    approve(proposal, moderator)
    [planned] = Revision.objects.filter(approved_go_live_at__isnull=False)
    assert (now(page).summary, now(page).llo_challenge) == ("Van de partner.", "")
    assert planned.content["summary"] == "Van de partner."
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=planned.pk).update(
        approved_go_live_at=past, content={**planned.content, "go_live_at": past.isoformat()}
    )
    call_command("publish_scheduled")
    assert (now(page).summary, now(page).llo_challenge) == ("Van de partner.", "Straks.")


def test_a_draft_that_waits_for_review_goes_first(page, writer, editor, moderator):
    draft = now(page)
    draft.llo_challenge = "Van de redacteur."
    draft.save_revision(user=editor)
    Workflow.objects.get(name="Controle").start(now(page), editor)
    proposal = propose(page, writer, summary="Van de partner.")
    with pytest.raises(ValidationError, match="wacht op controle"):
        approve(proposal, moderator)
    assert now(page).workflow_in_progress
    now(page).current_workflow_state.current_task_state.approve(user=moderator)
    approve(proposal, moderator)
    assert (now(page).summary, now(page).llo_challenge) == ("Van de partner.", "Van de redacteur.")


def test_a_proposal_is_no_newer_version_for_an_editor(page, writer, editor, moderator):
    draft = now(page)
    draft.llo_challenge = "Van de redacteur."
    revision = draft.save_revision(user=editor)
    propose(page, writer, summary="Van de partner.")
    assert now(page).revisions.latest("created_at").pk == revision.pk
    revision.publish(user=moderator)
    assert now(page).has_unpublished_changes is False


def test_a_draft_with_another_penvoerder_leaves_the_page_as_it_is(page, editor):
    draft = now(page)
    rows = [row for row in draft.partnerships.all() if row.role != Role.LEAD]
    draft.partnerships = [*rows, factories.PartnershipFactory.build(organisation=rows[0].organisation, role=Role.LEAD)]
    draft.save_revision(user=editor)
    assert sorted(now(page).partnerships.values_list("role", flat=True)) == ["hogeschool", "penvoerder"]


def test_the_edit_screen_tells_that_a_proposal_waits(page, writer, editor, as_user, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    where = reverse(Pilot.snippet_viewset.get_url_name("edit"), args=[page.pk])
    assert "voorstel voor deze pagina" not in as_user(editor).get(where).content.decode()
    propose(page, writer, summary="Van de partner.")
    assert "Partners hebben een voorstel voor deze pagina ingestuurd." in as_user(editor).get(where).content.decode()


# --- The queue --------------------------------------------------------------------------------------------------------


def test_the_queue_has_what_was_sent_in_and_no_drafts(page, other_pilot, writer, colleague, moderator):
    proposal = propose(page, writer, summary="Nieuw.")
    start_proposal(pilot=other_pilot, by=colleague, submission=uuid.uuid4())
    [line] = KIND.waiting()
    assert (line.pk, line.title, line.who, line.pilot) == (
        proposal.pk,
        "Wijziging van pilotpagina Bouwkunde",
        "Sam",
        "Bouwkunde",
    )
    assert list(KIND.items()) == [proposal]


def test_the_queue_takes_one_query(page, other_pilot, writer, colleague, django_assert_num_queries):
    propose(page, writer, summary="Nieuw.")
    propose(other_pilot, colleague, summary="Nieuw.")
    with django_assert_num_queries(1):
        assert len(list(KIND.waiting())) == 2


def test_the_item_shows_every_change_and_marks_data_of_persons(page, writer, moderator, rf):
    proposal = propose(
        page,
        writer,
        note="Bel 06-12345678",
        summary="<script>x</script> mail jan@voorbeeld.nl",
        programmes=lambda r: r[1:],
    )
    item = KIND.items().get(pk=proposal.pk)
    html = render_to_string(KIND.template, {"item": item, **KIND.context(item, moderator)})
    assert "Opleiding ‘Ad Bouw’ gaat weg" in html
    assert "<mark>jan@voorbeeld.nl</mark>" in html
    assert "<mark>06-12345678</mark>" in html
    assert "<script>" not in html


def test_the_choices_do_what_they_say(page, writer, moderator):
    proposal = propose(page, writer, summary="Nieuw.")
    (back,) = [choice for choice in KIND.choices(proposal) if choice.needs_reason]
    back.run(proposal, by=moderator, reason="Korter.", version=KIND.version(proposal))
    proposal = Proposal.objects.get()
    proposal = save_proposal(
        proposal=proposal,
        content={**proposal.content, "summary": "Kort."},
        note="",
        version=proposal.version,
        by=writer,
    )
    proposal = submit_proposal(proposal=proposal, version=proposal.version, by=writer)
    (good,) = [choice for choice in KIND.choices(proposal) if not choice.needs_reason]
    good.run(proposal, by=moderator, reason="", version=KIND.version(proposal))
    assert now(page).summary == "Kort."


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.fixture
def boss(db):
    """May publish, and needs no groups: a transactional test has emptied the tables in which they are."""
    return factories.UserFactory(is_staff=True, is_superuser=True)


def at_once(*acts) -> list[str]:
    """What comes of these, each in a transaction of its own, begun at the same moment."""
    start, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number, act):
        start.wait()
        try:
            act()
            answers[number] = "gedaan"
        except ValidationError as error:
            answers[number] = error.messages[0]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_publish_once(page, writer, boss):
    proposal = propose(page, writer, summary="Nieuw.")
    answers = at_once(*[lambda: approve(proposal, boss)] * 3)
    assert sorted(answers) == [*["Dit voorstel is al geplaatst."] * 2, "gedaan"]
    assert Decision.objects.count() == 1
    assert Mail.objects.filter(person=writer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_while_the_partner_saves_publishes_what_was_read_or_nothing(page, writer, boss):
    read = propose(page, writer, summary="Gelezen.")
    later = {**read.content, "summary": "Later."}
    approved, saved = at_once(
        lambda: approve(read, boss),
        lambda: save_proposal(proposal=read, content=later, note="", version=read.version, by=writer),
    )
    assert (approved, saved) in [
        ("gedaan", "Dit voorstel is al geplaatst."),
        ("Er is een nieuwere versie van dit voorstel. Lees die eerst.", "gedaan"),
    ]
    assert now(page).summary == ("Gelezen." if approved == "gedaan" else "Waar dit over gaat.")


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_begin_at_once_share_one_proposal(page, writer, lead):
    answers = at_once(
        lambda: start_proposal(pilot=page, by=writer, submission=uuid.uuid4()),
        lambda: start_proposal(pilot=page, by=lead, submission=uuid.uuid4()),
    )
    assert answers == ["gedaan", "gedaan"]
    assert Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_save_at_once_do_not_bury_each_other(page, writer, lead):
    proposal = start_proposal(pilot=page, by=writer, submission=uuid.uuid4())

    def save(text, by):
        return lambda: save_proposal(
            proposal=proposal, content={**proposal.content, "summary": text}, note="", version=1, by=by
        )

    answers = at_once(save("Een.", writer), save("Twee.", lead))
    assert sorted(answer.partition(":")[0] for answer in answers) == ["Nog niet bewaard", "gedaan"]
    assert Proposal.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_an_editor_who_saves_a_draft_at_that_moment_loses_nothing(page, writer, boss):
    page.save_revision(user=boss).publish(user=boss)
    proposal = propose(page, writer, summary="Van de partner.")

    def save_draft():
        draft = now(page)
        draft.llo_challenge = "Van de redacteur."
        draft.save_revision(user=factories.UserFactory(is_staff=True))

    assert at_once(lambda: approve(proposal, boss), save_draft) == ["gedaan", "gedaan"]
    after = now(page)
    assert (after.summary, after.has_unpublished_changes) == ("Van de partner.", True)
    assert after.latest_revision.content["llo_challenge"] == "Van de redacteur."
