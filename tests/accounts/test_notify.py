"""Telling people about what others post, as often as each wants; and saying no without signing in."""

import threading
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from mkbroute import jobs
from mkbroute.accounts import notify
from mkbroute.accounts.models import Notification, Notify
from mkbroute.core.mail import send_waiting
from mkbroute.jobs import Job, Rhythm
from tests import factories

SETTINGS = "/partner/meldingen/"
UNSUBSCRIBE = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def people(db):
    """One of every choice, and one who left; by their choice."""
    people = {
        choice: factories.UserFactory(email=f"{choice}@voorbeeld.nl", first_name=choice.title(), notify=choice)
        for choice in Notify.values
    }
    people["weg"] = factories.UserFactory(email="weg@voorbeeld.nl", is_active=False)
    return people


def tell(people, **changed) -> None:
    told = {"kind": "bericht", "title": "Eerste studenten", "url": "/partner/pilots/a/berichten/1/", "key": "update:1"}
    notify.tell(people, **{**told, "pilot": "Bouwkunde", **changed})


def letters() -> list[tuple[str, str]]:
    """To whom what was mailed, once the clock has sent what waits."""
    send_waiting()
    return sorted((letter.to[0], letter.subject) for letter in mail.outbox)


DIRECT = ("direct@voorbeeld.nl", "Bouwkunde: nieuw bericht: Eerste studenten")
DAILY = ("dagelijks@voorbeeld.nl", "Nieuw vandaag in de Mkb-route in het hbo")
WEEKLY = ("wekelijks@voorbeeld.nl", "Nieuw deze week in de Mkb-route in het hbo")


def test_each_is_told_as_often_as_they_want(people):
    tell(people.values())
    assert letters() == [DIRECT]
    notify.send_daily_digests()
    assert letters() == [DAILY, DIRECT]
    notify.send_weekly_digests()
    assert letters() == [DAILY, DIRECT, WEEKLY]


def test_of_who_wants_nothing_nothing_is_kept(people):
    tell(people.values())
    assert set(Notification.objects.values_list("person__email", flat=True)) == {DIRECT[0], DAILY[0], WEEKLY[0]}


def test_telling_twice_and_running_twice_tells_once(people):
    for _ in range(2):
        tell(people.values())
        notify.send_daily_digests()
        notify.send_weekly_digests()
    assert letters() == [DAILY, DIRECT, WEEKLY]


def test_who_changes_their_choice_in_between_is_told_once(people):
    tell([people["dagelijks"]])
    notify.choose(person=people["dagelijks"], notify=Notify.DIRECT)
    tell([people["dagelijks"]])
    notify.send_daily_digests()
    notify.send_daily_digests()
    assert letters() == [DAILY]


def test_who_said_no_does_not_get_what_waited(people):
    tell([people["wekelijks"]])
    notify.choose(person=people["wekelijks"], notify=Notify.NONE)
    notify.choose(person=people["wekelijks"], notify=Notify.WEEKLY)
    assert notify.send_weekly_digests() == "0 overzichten klaargezet."


def test_who_left_meanwhile_gets_nothing(people):
    tell([people["dagelijks"]])
    people["dagelijks"].is_active = False
    people["dagelijks"].save()
    assert notify.send_daily_digests() == "0 overzichten klaargezet."


def test_a_digest_names_everything_by_pilot_with_its_address(people, settings):
    person = people["dagelijks"]
    tell([person], title="Over bouwen", key="1")
    tell([person], title="Over vervoer", key="2", pilot="Logistiek", kind="bijeenkomst", url="/partner/x/")
    tell([person], title="Nog eens bouwen", key="3")
    assert notify.send_daily_digests() == "1 overzicht klaargezet."
    send_waiting()
    [letter] = mail.outbox
    where = [letter.body.index(words) for words in ("Bouwkunde", "Over bouwen", "Nog eens bouwen", "Logistiek")]
    assert where == sorted(where)
    assert "Over vervoer (bijeenkomst)\n" + settings.SITE_URL + "/partner/x/" in letter.body
    assert letter.body.startswith("Beste Dagelijks,")


def test_what_came_after_a_digest_is_in_the_next(people):
    for number in (1, 2):
        tell([people["dagelijks"]], title=f"Bericht {number}", key=str(number))
        notify.send_daily_digests()
    send_waiting()
    assert [("Bericht 1" in letter.body, "Bericht 2" in letter.body) for letter in mail.outbox] == [
        (True, False),
        (False, True),
    ]


def test_one_who_cannot_be_told_does_not_stop_the_next(people, monkeypatch):
    people["direct"].notify = Notify.DAILY
    people["direct"].save()
    tell([people["direct"], people["dagelijks"]])
    post = notify.post

    def fail_for_one(*, to, **options):
        if to == "direct@voorbeeld.nl":
            raise OSError("the disk is full")
        post(to=to, **options)

    with monkeypatch.context() as patched, pytest.raises(ExceptionGroup):
        patched.setattr(notify, "post", fail_for_one)
        notify.send_daily_digests()
    assert letters() == [DAILY]
    notify.send_daily_digests()
    assert len(letters()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_the_same_moment_mail_a_digest_once():
    tell([factories.UserFactory(notify=Notify.DAILY) for _ in range(3)])
    start = threading.Barrier(3)

    def clock():
        start.wait()
        notify.send_daily_digests()
        connection.close()

    clocks = [threading.Thread(target=clock) for _ in range(3)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join()
    assert len(letters()) == 3


@pytest.mark.parametrize(
    ("rhythm", "moment", "due"),
    [
        (Rhythm.WEEK, "2026-11-30 06:59", False),  # a Monday
        (Rhythm.WEEK, "2026-11-30 07:00", True),
        (Rhythm.WEEK, "2026-12-01 07:00", True),  # the clock stood still on Monday
        (Rhythm.WEEK, "2026-11-29 23:00", False),
        (Rhythm.DAY, "2026-11-24 06:59", False),
        (Rhythm.DAY, "2026-11-24 07:00", True),
    ],
)
def test_digests_go_in_the_morning_those_of_a_week_on_monday(rhythm, moment, due, db):
    before = timezone.make_aware(datetime(2026, 11, 23, 7, 1))  # a Monday
    run = factories.JobRunFactory(started_at=before, outcome="gelukt")
    job = Job(lambda: None, rhythm, "x", hour=7)
    assert job.is_due(run, timezone.make_aware(datetime.fromisoformat(moment))) is due


def test_the_digests_are_jobs_of_the_clock():
    hours = {job.name: (job.rhythm, job.hour) for job in jobs.JOBS if "digests" in job.name}
    assert hours == {"send_daily_digests": (Rhythm.DAY, 7), "send_weekly_digests": (Rhythm.WEEK, 7)}


def test_the_clock_mails_a_digest(people):
    tell([people["dagelijks"]])
    call_command("run_jobs", "send_daily_digests")
    call_command("run_jobs", "send_waiting")
    assert [letter.to for letter in mail.outbox] == [["dagelijks@voorbeeld.nl"]]


# --- Saying no without signing in -------------------------------------------------------------------------------------


@pytest.fixture
def link(people) -> str:
    """The path in the header of a mail to who is told at once."""
    tell([people["direct"]])
    send_waiting()
    return urlsplit(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path


def choice(people) -> str:
    people["direct"].refresh_from_db()
    return people["direct"].notify


def test_a_notification_has_the_headers_for_one_click_and_the_link_in_its_text(link, settings):
    [letter] = mail.outbox
    assert letter.extra_headers["List-Unsubscribe"] == f"<{settings.SITE_URL}{link}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert settings.SITE_URL + link in letter.body


def test_opening_the_link_changes_nothing(link, people, client):
    for _ in range(2):
        response = client.get(link)
        client.head(link)
    assert response.status_code == 200
    assert "Meld mij af" in response.content.decode()
    assert choice(people) == Notify.DIRECT
    assert response.cookies == {}


def test_one_click_of_a_mail_program_says_no(link, people):
    program = Client(enforce_csrf_checks=True)
    response = program.post(link, UNSUBSCRIBE)
    assert (response.status_code, response.cookies) == (200, {})
    assert "U krijgt geen meldingen meer" in response.content.decode()
    assert choice(people) == Notify.NONE
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_saying_no_twice_is_saying_no(link, people, client):
    assert [client.post(link).status_code for _ in range(2)] == [200, 200]
    assert "Meld mij af" not in client.get(link).content.decode()
    assert choice(people) == Notify.NONE


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_changed_says_so_and_does_nothing(method, link, people, client):
    other = factories.UserFactory()
    signature = link.rstrip("/").rpartition(":")[2]
    for forged in (f"/afmelden/{other.pk}:{signature}/", link[:-3] + "/", "/afmelden/1/", "/afmelden/%00:x/"):
        response = getattr(client, method)(forged)
        assert response.status_code == 404
        assert "Deze link om u af te melden werkt niet" in response.content.decode()
    other.refresh_from_db()
    assert (other.notify, choice(people)) == (Notify.DIRECT, Notify.DIRECT)


def test_the_link_of_an_account_that_is_gone_says_so(link, people, client):
    people["direct"].delete()
    assert client.post(link).status_code == 404


def test_a_link_says_no_for_its_own_person_whoever_is_signed_in(link, people, as_user, outsider):
    as_user(outsider).post(link)
    outsider.refresh_from_db()
    assert (choice(people), outsider.notify) == (Notify.NONE, Notify.DIRECT)


def test_a_decision_and_a_code_carry_no_way_to_unsubscribe(people, member, client):
    client.post("/account/login/code/", {"email": member.email})
    assert all("List-Unsubscribe" not in letter.extra_headers for letter in mail.outbox)
    assert len(mail.outbox) == 1


# --- One's own choice -------------------------------------------------------------------------------------------------


def test_somebody_sets_how_often(as_user, outsider):
    browser = as_user(outsider)
    assert browser.get(SETTINGS).context["form"]["notify"].value() == Notify.DIRECT
    response = browser.post(SETTINGS, {"notify": "wekelijks"}, follow=True)
    assert "Uw keuze is bewaard." in response.content.decode()
    outsider.refresh_from_db()
    assert outsider.notify == Notify.WEEKLY


@pytest.mark.parametrize("typed", ["", "vaak"])
def test_a_choice_that_is_none_is_refused(typed, as_user, outsider):
    response = as_user(outsider).post(SETTINGS, {"notify": typed})
    assert (response.status_code, "Er ging iets mis" in response.content.decode()) == (200, True)
    outsider.refresh_from_db()
    assert outsider.notify == Notify.DIRECT


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(SETTINGS).url == f"/account/login/?next={SETTINGS}"


def test_what_was_told_is_one_row_per_person(people):
    tell(people.values())
    assert Notification.objects.count() == 3
    assert all(row.created_at > timezone.now() - timedelta(minutes=1) for row in Notification.objects.all())
