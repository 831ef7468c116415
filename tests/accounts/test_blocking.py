"""Blocking somebody: reversible, told by mail, and felt at once."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from mkbroute.accounts.actions import block, unblock
from mkbroute.accounts.models import User
from mkbroute.core.models import AuditEntry
from tests import factories
from tests.accounts.conftest import ask_code, mailed_code, sign_in
from tests.accounts.test_admin import edit
from tests.accounts.test_sign_in import text, who


def test_a_block_ends_every_session_at_once(member, moderator):
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser)
    block(user=member, by=moderator, reason="Plaatste reclame.")
    assert [browser.get("/partner/").status_code for browser in browsers] == [302, 302]
    assert UserSession.objects.count() == 0


def test_it_can_be_undone_and_old_sessions_stay_over(member, moderator):
    before, after = Client(), Client()
    sign_in(before)
    block(user=member, by=moderator, reason="Plaatste reclame.")
    assert sign_in(after).url == "/account/inactive/"
    unblock(user=member, by=moderator)
    assert before.get("/partner/").status_code == 302
    sign_in(after)
    assert who(after) == str(member.pk)


def test_it_is_told_by_mail_and_noted(member, moderator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        block(user=member, by=moderator, reason="Plaatste reclame. Zie de mail van ander@voorbeeld.nl.")
        unblock(user=member, by=moderator, reason="Was een vergissing.")
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["noor@voorbeeld.nl"], "Uw account is geblokkeerd"),
        (["noor@voorbeeld.nl"], "U kunt weer inloggen"),
    ]
    assert "Plaatste reclame." in mail.outbox[0].body
    assert list(AuditEntry.objects.order_by("pk").values_list("summary", "by", "details")) == [
        ("account geblokkeerd", moderator.pk, {"reden": "Plaatste reclame. Zie de mail van [e-mailadres]."}),
        ("account weer aangezet", moderator.pk, {"reden": "Was een vergissing."}),
    ]


def test_some_cannot_be_blocked(member, moderator):
    boss = factories.UserFactory(is_superuser=True)
    for user, reason, message in (
        (boss, "Zomaar.", "alles mag"),
        (moderator, "Zomaar.", "uzelf"),
        (member, " ", "Schrijf erbij waarom"),
    ):
        with pytest.raises(ValidationError, match=message):
            block(user=user, by=moderator, reason=reason)
    assert User.objects.filter(is_active=False).count() == 0


def test_doing_it_twice_is_said_so(member, moderator):
    with pytest.raises(ValidationError, match="niet geblokkeerd"):
        unblock(user=member, by=moderator)
    block(user=member, by=moderator, reason="Plaatste reclame.")
    with pytest.raises(ValidationError, match="al geblokkeerd"):
        block(user=member, by=moderator, reason="Plaatste reclame.")


def test_asking_a_code_tells_nobody_who_is_blocked(member, moderator):
    block(user=member, by=moderator, reason="Plaatste reclame.")
    blocked, unknown = Client(), Client()
    answers = [ask_code(blocked), ask_code(unknown, email="niemand@voorbeeld.nl")]
    assert answers[0].url == answers[1].url
    pages = [text(client.get("/account/login/code/confirm/")) for client in (blocked, unknown)]
    assert pages[0] == pages[1].replace("niemand@", "noor@")


def test_a_code_asked_before_the_block_lets_nobody_in_after_it(client, member, moderator):
    ask_code(client)
    block(user=member, by=moderator, reason="Plaatste reclame.")
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert who(client) is None


def test_switching_off_in_the_admin_ends_the_sessions_too(member, moderator, as_user):
    one, other = Client(), Client()
    sign_in(one)
    edit(as_user(moderator), member, is_active="")
    assert UserSession.objects.filter(user=member).count() == 0
    User.objects.update(is_active=True)
    sign_in(other)
    path = f"/admin/bulk/accounts/user/set_active_state/?id={member.pk}"
    as_user(moderator).post(path, {"mark_as_active": "False"})
    assert UserSession.objects.filter(user=member).count() == 0
    member.refresh_from_db()
    assert not member.is_active


@pytest.mark.parametrize(
    ("path", "data"),
    [("login/code/", {"email": "noor@voorbeeld.nl"}), ("password/reset/", {"email": "noor@voorbeeld.nl"})],
)
def test_codes_and_links_are_mailed_a_few_times_only(path, data, member):
    answers = [Client().post(f"/account/{path}", data).status_code for _ in range(6)]
    assert answers[0] == 302
    assert answers[-1] in {200, 429}
    assert len(mail.outbox) <= 5
