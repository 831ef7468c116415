"""The road of a good practice from a pilot to the site, and who may walk it."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mkbroute import contributions
from mkbroute.core.models import Decision
from mkbroute.core.proofreading import NotReady
from research import actions, consent
from research.guide import BY_NAME, STEPS, fingerprint
from research.models import Practice, PracticeSubmission, SubmissionState
from research.queue import CompletenessKind, JudgementKind, kind_of
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/partner/pilots/een-pilot/goede-voorbeelden/"
NEW = f"{LIST}nieuw/"
KINDS = [CompletenessKind(), JudgementKind()]
PRIVATE = "Bel Sam op 06-12345678."


@pytest.fixture
def theme(db):
    return factories.ThemeFactory(title="Samenwerking")


@pytest.fixture
def submission(pilot, writer, theme):
    """A complete concept of the writer."""
    return factories.PracticeSubmissionFactory(pilot=pilot, author=writer, title="Samen een student", themes=[theme])


@pytest.fixture
def sent(submission, writer):
    actions.send_in(submission=submission, by=writer, version=1)
    return fresh(submission)


@pytest.fixture
def judged(sent, moderator):
    actions.pass_completeness(submission=sent, by=moderator, version=1)
    return fresh(sent)


def fresh(submission) -> PracticeSubmission:
    return PracticeSubmission.objects.get(pk=submission.pk)


def edit(submission, by, **fields) -> None:
    """What the team does in the admin: save a new version of the draft."""
    draft = fresh(submission).draft
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=by)


def asked(judged, moderator) -> PracticeSubmission:
    edit(judged, moderator, lesson="Begin met twee bedrijven die elkaar kennen.")
    actions.ask_consent(submission=judged, by=moderator)
    return fresh(judged)


def agreed(judged, moderator, writer) -> PracticeSubmission:
    submission = asked(judged, moderator)
    actions.consent(submission=submission, by=writer, version=submission.asked_seal)
    return fresh(submission)


def form_of(page) -> dict:
    """What the form on a page would send if nothing were changed."""
    form = BeautifulSoup(page.content, "html.parser").select_one("main form")
    data = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data.setdefault(field["name"], []).append(field["value"])
        else:
            data[field["name"]] = field.get("value", "") if field.name == "input" else field.text.lstrip("\n")
    return data


def words(page) -> str:
    return " ".join(BeautifulSoup(page.content, "html.parser").select_one("main").get_text(" ").split())


# --- Telling, step by step ------------------------------------------------------------------------------------


def test_a_partner_tells_it_step_by_step_and_sends_it_in(as_user, writer, pilot, theme):
    browser = as_user(writer)
    page = browser.get(NEW)
    answers = {
        "aanleiding": {"title": "Samen een student", "context": "Te weinig werk.", "aim": "Genoeg werk."},
        "aanpak": {"done": "Twee bedrijven, een student.", "by_whom": "De coördinator."},
        "tijd-en-geld": {},
        "resultaat": {"result": "Acht studenten.", "evidence": "Nagevraagd."},
        "lastig": {"difficulties": "Een duo stopte.", "lesson": "Begin klein."},
        "voor-wie": {
            "transferable": "Elke sector.",
            "audiences": ["mkb-bedrijf", "hogeschool"],
            "themes": [str(theme.pk)],
            "summary": "Twee bedrijven delen een student.",
        },
    }
    for given in answers.values():
        response = browser.post(page.wsgi_request.path, {**form_of(page), **given})
        page = browser.get(response.url)
    assert page.wsgi_request.path.endswith("/stap/nalezen/")
    assert "Nog niet ingevuld" not in words(page)
    response = browser.post(page.wsgi_request.path, form_of(page))
    (submission,) = PracticeSubmission.objects.all()
    assert response.url == submission.portal_url
    assert (submission.state, submission.author, submission.hours) == (SubmissionState.SENT, writer, "")
    assert [event.state for event in submission.events.all()] == ["concept", "ingediend"]


def test_what_is_not_complete_is_kept_but_not_sent_in(as_user, writer, pilot):
    browser = as_user(writer)
    browser.post(NEW, {**form_of(browser.get(NEW)), "title": "Half", "naar": "stoppen"})
    (submission,) = PracticeSubmission.objects.all()
    check = f"{LIST}{submission.pk}/stap/nalezen/"
    page = browser.get(check)
    assert [
        link["href"].partition("#")[2] for link in BeautifulSoup(page.content, "html.parser").select(".links a")
    ] == [
        *("id_context", "id_aim", "id_done", "id_by_whom", "id_result", "id_evidence", "id_difficulties"),
        *("id_lesson", "id_transferable", "id_audiences", "id_themes", "id_summary"),
    ]
    assert "vul eerst de vragen in die nog open staan" in words(browser.post(check, form_of(page)))
    assert fresh(submission).state == SubmissionState.CONCEPT


@pytest.mark.parametrize(
    ("naar", "where"),
    [("", "stap/tijd-en-geld/"), ("aanleiding", "stap/aanleiding/"), ("nalezen", "stap/nalezen/"), ("stoppen", "")],
)
def test_every_button_of_a_step_keeps_what_was_typed(as_user, writer, submission, naar, where):
    step = f"{LIST}{submission.pk}/stap/aanpak/"
    browser = as_user(writer)
    response = browser.post(step, {**form_of(browser.get(step)), "done": "Anders", "naar": naar})
    assert response.url == f"{LIST}{submission.pk}/{where}"
    assert fresh(submission).done == "Anders"


def test_a_second_click_makes_nothing_double(as_user, writer, pilot):
    browser = as_user(writer)
    typed = {**form_of(browser.get(NEW)), "title": "Een keer"}
    assert browser.post(NEW, typed).url == browser.post(NEW, typed).url
    assert [submission.title for submission in PracticeSubmission.objects.all()] == ["Een keer"]


def test_who_goes_back_to_the_first_form_and_changes_it_sees_both_texts(as_user, writer, pilot):
    browser = as_user(writer)
    typed = {**form_of(browser.get(NEW)), "title": "Eerst"}
    browser.post(NEW, typed)
    page = browser.post(NEW, {**typed, "title": "Later"})
    assert "Nog niet bewaard" in words(page)
    assert ("Eerst" in words(page), form_of(page)["title"]) == (True, "Later")
    browser.post(NEW, form_of(page))
    assert [submission.title for submission in PracticeSubmission.objects.all()] == ["Later"]


def test_a_form_of_another_pilot_is_not_taken_over(as_user, writer, pilot, other_pilot):
    theirs = factories.PracticeSubmissionFactory(pilot=other_pilot, title="Van een ander", submission=uuid.uuid4())
    browser = as_user(writer)
    page = browser.post(NEW, {**form_of(browser.get(NEW)), "title": "Mijn", "submission": str(theirs.submission)})
    assert "Dit formulier is al gebruikt" in words(page)
    assert fresh(theirs).title == "Van een ander"


def test_an_answer_that_is_too_long_stays_in_the_form(as_user, writer, submission):
    step = f"{LIST}{submission.pk}/stap/aanpak/"
    browser = as_user(writer)
    page = browser.post(step, {**form_of(browser.get(step)), "by_whom": "x" * 300})
    assert "het zijn 300 tekens en het mogen er 250 zijn" in words(page)
    assert form_of(page)["by_whom"] == "x" * 300
    assert fresh(submission).by_whom == submission.by_whom


def test_a_colleague_goes_on_with_it_and_is_named(as_user, lead, writer, submission):
    step = f"{LIST}{submission.pk}/stap/lastig/"
    browser = as_user(lead)
    browser.post(step, {**form_of(browser.get(step)), "lesson": "Begin klein."})
    assert "Laatst bewerkt door Petra" in words(as_user(writer).get(step))


def test_a_stale_save_is_refused_and_both_texts_are_shown(as_user, lead, writer, submission):
    step = f"{LIST}{submission.pk}/stap/lastig/"
    browser = as_user(writer)
    opened = form_of(browser.get(step))
    as_user(lead).post(step, {**opened, "lesson": "Van Petra"})
    page = browser.post(step, {**opened, "lesson": "Van Sam"})
    assert "Nog niet bewaard: Petra heeft dit intussen veranderd" in words(page)
    assert "Er staat nu: Van Petra" in words(page)
    assert (form_of(page)["lesson"], fresh(submission).lesson) == ("Van Sam", "Van Petra")
    browser.post(step, {**form_of(page), "lesson": "Van beiden"})
    assert fresh(submission).lesson == "Van beiden"


def test_colleagues_in_different_steps_do_not_hinder_each_other(as_user, lead, writer, submission):
    first, second = f"{LIST}{submission.pk}/stap/lastig/", f"{LIST}{submission.pk}/stap/aanpak/"
    browser = as_user(writer)
    opened = form_of(browser.get(first))
    petra = as_user(lead)
    petra.post(second, {**form_of(petra.get(second)), "done": "Van Petra"})
    browser.post(first, {**opened, "lesson": "Van Sam"})
    assert (fresh(submission).lesson, fresh(submission).done) == ("Van Sam", "Van Petra")


def test_what_changed_since_it_was_read_is_not_sent_in(as_user, lead, writer, submission):
    check, step = f"{LIST}{submission.pk}/stap/nalezen/", f"{LIST}{submission.pk}/stap/lastig/"
    browser = as_user(writer)
    read = form_of(browser.get(check))
    as_user(lead).post(step, {**form_of(as_user(lead).get(step)), "lesson": "Van Petra"})
    page = browser.post(check, read)
    assert "is intussen veranderd" in words(page)
    assert "Van Petra" in words(page)
    assert browser.post(check, form_of(page)).url == submission.portal_url


def test_personal_data_is_sent_in_only_with_a_reason(as_user, writer, submission):
    PracticeSubmission.objects.update(result=PRIVATE)
    check = f"{LIST}{submission.pk}/stap/nalezen/"
    browser = as_user(writer)
    page = browser.get(check)
    assert "06-12345678 (telefoonnummer)" in words(page)
    assert "schrijf erbij waarom" in words(browser.post(check, form_of(page)))
    browser.post(check, {**form_of(page), "privacy_reason": "Het nummer van de balie."})
    assert (fresh(submission).state, fresh(submission).privacy_reason) == (
        SubmissionState.SENT,
        "Het nummer van de balie.",
    )


def test_what_is_sent_in_cannot_be_changed_and_keeps_what_was_typed(as_user, writer, sent):
    step = f"{LIST}{sent.pk}/stap/lastig/"
    browser = as_user(writer)
    assert browser.get(step).url == sent.portal_url
    page = browser.post(step, {"lesson": "Te laat", "difficulties": "", "opened_as": ""})
    assert "want het is ingediend" in words(page)
    assert form_of(page)["lesson"] == "Te laat"
    assert fresh(sent).lesson == sent.lesson


# --- The team ---------------------------------------------------------------------------------------------------


def test_a_returned_example_says_why_and_can_be_sent_in_again(as_user, writer, sent, moderator, mailoutbox):
    actions.return_submission(submission=sent, by=moderator, reason="Hoeveel bedrijven?", version=1)
    assert list(PracticeSubmission.objects.asked_of(writer)) == [sent]
    browser = as_user(writer)
    assert "Hoeveel bedrijven?" in words(browser.get(f"{LIST}{sent.pk}/stap/aanpak/"))
    page = browser.get(sent.portal_url)
    assert "Teruggestuurd door het programmateam" in words(page)
    assert "team@voorbeeld.nl" not in page.content.decode()
    actions.send_in(submission=sent, by=writer, version=1)
    assert fresh(sent).state == SubmissionState.SENT


def test_passing_the_first_stage_makes_a_draft_nobody_sees(client, sent, moderator, pilot, writer, theme):
    organisation = factories.OrganisationFactory()
    pilot.memberships.filter(user=writer).update(organisation=organisation)
    practice = actions.pass_completeness(submission=sent, by=moderator, version=1)
    draft = fresh(sent).draft
    assert consent.changes(sent, draft) == []
    assert (practice.live, draft.title, list(draft.themes.all())) == (False, "Samen een student", [theme])
    assert [list(draft.pilots.all()), list(draft.organisations.all())] == [[pilot], [organisation]]
    assert client.get(practice.get_absolute_url()).status_code == 404
    assert Decision.objects.on(sent).get().verb == Decision.Verb.NEXT_STAGE


def test_a_title_that_is_taken_gets_an_address_of_its_own(sent, moderator):
    factories.PracticeFactory(slug="samen-een-student")
    practice = actions.pass_completeness(submission=sent, by=moderator, version=1)
    assert practice.slug == f"samen-een-student-{sent.pk}"


def test_unchanged_words_need_no_consent(client, judged, moderator):
    edit(judged, moderator, evidence_method="bevraagd", seen_in=2)
    with pytest.raises(ValidationError, match="akkoord is niet nodig"):
        actions.ask_consent(submission=judged, by=moderator)
    actions.publish_submission(submission=judged, by=moderator)
    page = client.get(fresh(judged).practice.get_absolute_url())
    assert "Ingestuurd door de pilot Bouwkunde" in words(page)
    assert fresh(judged).state == SubmissionState.PLACED


def test_changed_words_are_shown_to_the_pilot_and_appear_after_its_consent(as_user, client, judged, moderator, writer):
    submission = asked(judged, moderator)
    browser = as_user(writer)
    page = browser.get(submission.portal_url)
    assert "Les U stuurde in Begin dicht bij huis. Het wordt Begin met twee bedrijven die elkaar kennen." in words(page)
    preview = browser.get(f"{submission.portal_url}pagina/")
    assert "Begin met twee bedrijven die elkaar kennen." in preview.content.decode()
    assert preview["X-Robots-Tag"] == "noindex"
    browser.post(submission.portal_url, {**form_of(page), "antwoord": "akkoord"})
    actions.publish_submission(submission=submission, by=moderator)
    assert "elkaar kennen" in words(client.get(fresh(judged).practice.get_absolute_url()))
    assert [event.state for event in fresh(judged).events.all()] == [
        *("ingediend", "expertoordeel", "akkoord-gevraagd", "akkoord", "geplaatst")
    ]


def test_an_objection_goes_back_to_the_expert_with_its_remark(as_user, judged, moderator, writer):
    submission = asked(judged, moderator)
    browser = as_user(writer)
    page = browser.post(submission.portal_url, {**form_of(browser.get(submission.portal_url)), "antwoord": "bezwaar"})
    assert "Schrijf wat er anders moet." in words(page)
    browser.post(submission.portal_url, {**form_of(page), "antwoord": "bezwaar", "remark": "Dit klopt niet."})
    assert fresh(judged).state == SubmissionState.OBJECTED
    assert fresh(judged).events.last().remark == "Dit klopt niet."
    with pytest.raises(ValidationError, match="u hebt de tekst van de pilot veranderd"):
        actions.publish_submission(submission=judged, by=moderator)


def test_consent_lapses_when_the_team_changes_anything_visitors_see(judged, moderator, writer):
    submission = agreed(judged, moderator, writer)
    edit(submission, moderator, costs="Niets")
    with pytest.raises(ValidationError, match="nadat de pilot akkoord gaf"):
        actions.publish_submission(submission=submission, by=moderator)
    actions.ask_consent(submission=submission, by=moderator)
    assert fresh(judged).state == SubmissionState.ASKED


def test_consent_lapses_when_a_version_is_overwritten_in_place(judged, moderator, writer):
    submission = agreed(judged, moderator, writer)
    draft = submission.draft
    draft.costs = "Niets"
    draft.save_revision(user=moderator, overwrite_revision=submission.practice.latest_revision)
    assert fresh(judged).practice.latest_revision_id == submission.asked_revision_id
    with pytest.raises(ValidationError, match="nadat de pilot akkoord gaf"):
        actions.publish_submission(submission=submission, by=moderator)


def test_consent_holds_when_only_administration_changes(judged, moderator, writer):
    submission = agreed(judged, moderator, writer)
    edit(submission, moderator, owner=moderator, review_on=timezone.localdate())
    actions.publish_submission(submission=submission, by=moderator)
    assert fresh(judged).state == SubmissionState.PLACED


def test_consent_is_to_what_was_read_and_not_to_what_came_after(as_user, judged, moderator, writer):
    submission = asked(judged, moderator)
    browser = as_user(writer)
    read = form_of(browser.get(submission.portal_url))
    edit(submission, moderator, lesson="Iets heel anders.")
    page = browser.post(submission.portal_url, {**read, "antwoord": "akkoord"})
    assert "Uw antwoord is niet bewaard" in words(page)
    assert "Het programmateam past de tekst nog aan" in words(page)
    refused = browser.post(submission.portal_url, {**read, "antwoord": "bezwaar", "remark": "Dit klopt niet."})
    assert "U schreef: Dit klopt niet." in words(refused)
    actions.ask_consent(submission=submission, by=moderator)
    assert "Uw antwoord is niet bewaard" in words(browser.post(submission.portal_url, {**read, "antwoord": "akkoord"}))
    assert fresh(judged).state == SubmissionState.ASKED


def test_what_was_planned_before_it_was_withdrawn_does_not_appear(judged, moderator, writer):
    edit(judged, moderator, go_live_at=timezone.now() + timezone.timedelta(days=1))
    actions.publish_submission(submission=judged, by=moderator)
    assert fresh(judged).practice.scheduled_revision is not None
    assert fresh(judged).state == SubmissionState.JUDGED
    actions.withdraw_submission(submission=judged, by=writer)
    assert fresh(judged).practice.scheduled_revision is None


def test_what_is_refused_says_why_and_stays_off_the_site(as_user, judged, moderator, writer):
    actions.reject_submission(submission=judged, by=moderator, reason="Dit staat al op de site.")
    assert "Dit staat al op de site." in words(as_user(writer).get(judged.portal_url))
    with pytest.raises(NotReady, match="afgewezen"):
        fresh(judged).practice.latest_revision.publish(user=moderator)


def test_a_draft_that_was_deleted_is_made_again(judged, moderator):
    Practice.objects.all().delete()
    with pytest.raises(ValidationError, match="is verwijderd"):
        actions.publish_submission(submission=judged, by=moderator)
    assert [choice.name for choice in KINDS[1].choices(fresh(judged))] == ["concept", "afwijzen"]
    actions.renew_draft(submission=judged, by=moderator)
    actions.publish_submission(submission=judged, by=moderator)
    assert fresh(judged).state == SubmissionState.PLACED


@pytest.mark.parametrize("who", ["editor", "writer", "outsider"])
def test_only_who_publishes_practices_decides(request, sent, who):
    user = request.getfixturevalue(who)
    for decide in (
        lambda: actions.pass_completeness(submission=sent, by=user, version=1),
        lambda: actions.return_submission(submission=sent, by=user, reason="Nee", version=1),
        lambda: actions.ask_consent(submission=sent, by=user),
        lambda: actions.publish_submission(submission=sent, by=user),
        lambda: actions.reject_submission(submission=sent, by=user, reason="Nee"),
    ):
        with pytest.raises(PermissionDenied):
            decide()
    assert [kind.may_see(user) for kind in KINDS] == [False, False]


def test_every_decision_is_mailed_once_to_who_began_it(judged, moderator, writer, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        submission = asked(judged, moderator)
    assert [(message.to, "Lees wat er verandert" in message.body) for message in mail.outbox] == [
        (["schrijver@voorbeeld.nl"], True)
    ]
    assert submission.portal_url in mail.outbox[0].body
    assert "U hoeft nu niets te doen" not in mail.outbox[0].body


def test_the_penvoerder_is_mailed_once_who_began_it_has_left(as_user, submission, lead, writer):
    writer.delete()
    assert fresh(submission).reader == lead
    assert "voormalig lid" in words(as_user(lead).get(LIST))


# --- Publishing in the admin --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["judged", "asked"])
def test_nobody_publishes_changed_words_past_the_pilot(judged, moderator, state):
    if state == "asked":
        asked(judged, moderator)
    else:
        edit(judged, moderator, lesson="Anders.")
    with pytest.raises(NotReady, match="Akkoord van de pilot"):
        fresh(judged).practice.latest_revision.publish(user=moderator)
    assert fresh(judged).practice.live is False


def test_publishing_in_the_admin_tells_the_pilot_too(judged, moderator, writer):
    submission = agreed(judged, moderator, writer)
    submission.practice.latest_revision.publish(user=moderator)
    assert fresh(judged).state == SubmissionState.PLACED
    assert Decision.objects.on(judged).first().verb == Decision.Verb.APPROVED


def test_a_page_that_was_placed_is_the_teams_to_keep(judged, moderator, writer):
    submission = agreed(judged, moderator, writer)
    actions.publish_submission(submission=submission, by=moderator)
    edit(submission, moderator, lesson="Met een komma erbij.")
    fresh(judged).practice.latest_revision.publish(user=moderator)
    assert Decision.objects.on(judged).filter(verb=Decision.Verb.APPROVED).count() == 1


def test_another_practice_is_published_as_ever(moderator):
    practice = factories.PracticeFactory(live=False)
    practice.save_revision().publish(user=moderator)
    assert Practice.objects.get().live


# --- The queue ----------------------------------------------------------------------------------------------------


def test_each_stage_waits_in_its_own_queue(judged, moderator, writer, pilot):
    def waiting():
        return [[line.title for line in kind.waiting()] for kind in KINDS]

    other = factories.PracticeSubmissionFactory(
        pilot=pilot, title="Nog nieuw", state=SubmissionState.SENT, sent_at=timezone.now()
    )
    assert waiting() == [["Nog nieuw"], ["Samen een student"]]
    submission = asked(judged, moderator)
    assert waiting() == [["Nog nieuw"], []]
    edit(submission, moderator, costs="Niets")
    assert waiting() == [["Nog nieuw"], ["Samen een student"]]
    assert [kind_of(other).name, kind_of(submission).name] == [kind.name for kind in KINDS]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_one_query(django_assert_num_queries, pilot, rows):
    for _ in range(rows):
        factories.PracticeSubmissionFactory(state=SubmissionState.SENT, sent_at=timezone.now())
    with django_assert_num_queries(1):
        assert len(list(KINDS[0].waiting())) == rows


def test_the_choices_lead_from_stage_to_stage(sent, moderator, writer):
    def choose(kind, name, **given):
        item = kind.items().get()
        choice = next(choice for choice in kind.choices(item) if choice.name == name)
        choice.run(item, by=moderator, version=kind.version(item), **given)

    choose(KINDS[0], "volledig")
    edit(sent, moderator, lesson="Begin met twee bedrijven.")
    assert [choice.name for choice in KINDS[1].choices(fresh(sent))] == ["akkoord", "afwijzen"]
    choose(KINDS[1], "akkoord")
    assert [choice.name for choice in KINDS[1].choices(fresh(sent))] == ["afwijzen"]
    actions.consent(submission=sent, by=writer, version=fresh(sent).asked_seal)
    choose(KINDS[1], "plaatsen")
    assert fresh(sent).state == SubmissionState.PLACED
    assert KINDS[1].choices(fresh(sent)) == []


def test_a_choice_on_what_has_changed_since_is_refused(judged, moderator):
    kind = KINDS[1]
    item = kind.items().get()
    publish, version = kind.choices(item)[0], kind.version(item)
    edit(judged, moderator, costs="Niets")
    with pytest.raises(ValidationError, match="intussen veranderd"):
        publish.run(item, by=moderator, version=version)
    assert fresh(judged).state == SubmissionState.JUDGED


def test_the_queue_shows_what_was_sent_in_beside_the_draft(judged, moderator, writer):
    PracticeSubmission.objects.update(evidence=PRIVATE)
    edit(judged, moderator, lesson="<b>Begin</b>")
    item = KINDS[1].items().get()
    drawn = render_to_string(KINDS[1].template, {"item": item, **KINDS[1].context(item, moderator)})
    text = " ".join(BeautifulSoup(drawn, "html.parser").get_text(" ").split())
    assert "Les Begin dicht bij huis. <b>Begin</b>" in text
    assert "<mark>06-12345678</mark>" in drawn
    assert reverse(Practice.snippet_viewset.get_url_name("edit"), args=[item.practice.pk]) in drawn


# --- Who sees what -----------------------------------------------------------------------------------------------


def addresses(submission) -> list[str]:
    base = f"{LIST}{submission.pk}/"
    return [base, *(f"{base}stap/{step.name}/" for step in STEPS), f"{base}pagina/", f"{base}intrekken/"]


@pytest.mark.parametrize("who", ["colleague", "outsider"])
def test_who_is_not_of_the_pilot_finds_nothing(request, as_user, judged, moderator, who):
    submission = asked(judged, moderator)
    browser = as_user(request.getfixturevalue(who))
    for address in [LIST, NEW, *addresses(submission)]:
        assert [browser.get(address).status_code, browser.post(address, {"antwoord": "akkoord"}).status_code] in (
            [404, 404],
            [404, 405],
        )
    assert fresh(judged).state == SubmissionState.ASKED


def test_a_submission_is_not_found_below_another_pilot(as_user, submission, colleague):
    base = f"/partner/pilots/andere-pilot/goede-voorbeelden/{submission.pk}/"
    browser = as_user(colleague)
    assert [browser.get(base + path).status_code for path in ("", "stap/aanpak/", "pagina/", "intrekken/")] == [404] * 4


def test_a_reader_follows_what_was_sent_in_and_changes_nothing(as_user, reader, judged, moderator, pilot):
    concept = factories.PracticeSubmissionFactory(pilot=pilot, title="Nog geheim")
    submission = asked(judged, moderator)
    browser = as_user(reader)
    page = browser.get(LIST)
    assert ("Samen een student" in words(page), "Nog geheim" in words(page)) == (True, False)
    assert "Deel een goed voorbeeld" not in words(page)
    assert "Ik ga akkoord" not in words(browser.get(submission.portal_url))
    forbidden = [NEW, *addresses(concept), *(a for a in addresses(submission) if "stap" in a or "intrekken" in a)]
    assert {browser.get(address).status_code for address in forbidden} == {404}
    assert browser.post(submission.portal_url, {"antwoord": "akkoord"}).status_code == 404


@pytest.mark.parametrize("step", ["bestaat-niet", "x" * 200])
def test_a_step_that_does_not_exist_is_not_found(as_user, writer, submission, step):
    assert as_user(writer).get(f"{LIST}{submission.pk}/stap/{step}/").status_code == 404


def test_what_waits_for_whom(submission, lead, reader, writer, colleague, moderator):
    lists = PracticeSubmission.objects
    people = (lead, writer, reader, colleague)
    assert [list(lists.drafts_of(user)) for user in people] == [[submission], [submission], [], []]
    actions.send_in(submission=submission, by=lead, version=1)
    assert [list(lists.sent_in_by(user)) for user in people] == [[], [submission], [], []]
    before = timezone.now()
    actions.return_submission(submission=submission, by=moderator, reason="Meer", version=1)
    assert [list(lists.asked_of(user)) for user in people] == [[submission], [submission], [], []]
    assert [list(lists.news_for(user, before)) for user in people] == [[submission], [submission], [submission], []]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_the_number_of_rows(as_user, queries, writer, pilot, rows):
    for state in (SubmissionState.CONCEPT, SubmissionState.SENT, SubmissionState.PLACED):
        for _ in range(rows):
            factories.PracticeSubmissionFactory(
                pilot=pilot, state=state, sent_at=timezone.now(), practice=factories.PracticeFactory()
            )
    assert queries(as_user(writer), LIST) == 11  # eight of them for who is signed in and the menu


def test_withdrawing_is_asked_once_more_and_ends_it(as_user, writer, sent):
    browser = as_user(writer)
    address = f"{sent.portal_url}intrekken/"
    assert "U trekt ‘Samen een student’ in" in words(browser.get(address))
    assert browser.post(address).url == sent.portal_url
    assert "ingetrokken" in words(browser.get(sent.portal_url)).lower()
    assert fresh(sent).state == SubmissionState.WITHDRAWN


def test_saving_what_is_stored_already_changes_nothing(submission, lead):
    step = BY_NAME["lastig"]
    answers = step.values(submission)
    actions.save_step(submission=submission, by=lead, step=step, answers=answers, opened_as="oud")
    assert (fresh(submission).version, fresh(submission).edited_by) == (1, submission.author)
    assert fingerprint(answers) == fingerprint(step.values(fresh(submission)))


# --- When somebody leaves -----------------------------------------------------------------------------------------


def test_without_a_submission_no_draft_is_left_to_publish(judged):
    fresh(judged).delete()
    assert Practice.objects.count() == 0


def test_a_page_on_the_site_stays_when_its_submission_goes(judged, moderator):
    actions.publish_submission(submission=judged, by=moderator)
    fresh(judged).delete()
    assert Practice.objects.get().live


def test_a_draft_in_which_a_colleague_went_on_survives_who_began_it(submission, writer, lead, pilot):
    factories.PracticeSubmissionFactory(pilot=pilot, author=writer)
    PracticeSubmission.objects.filter(pk=submission.pk).update(edited_by=lead)
    contributions.forget(writer, keeps=True)
    assert list(PracticeSubmission.objects.all()) == [submission]
