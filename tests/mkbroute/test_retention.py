"""What we keep of people, and how long: every rule takes what is due and nothing else, and nothing personal has no rule."""

from datetime import date, timedelta
from io import StringIO
from secrets import token_hex

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from wagtail.admin.models import EditingSession, FormState

from mkbroute import retention
from mkbroute.accounts.models import User
from mkbroute.core.models import AuditEntry
from mkbroute.retention import KEPT, RULES, apply_retention
from pilots.models import PilotInvitation
from tests import factories

DAY = timedelta(days=1)
RULE = {rule.name: rule for rule in RULES}


def contact(moment, due=True):
    return factories.ContactMessageFactory(state="afgehandeld" if due else "nieuw")


def invitation(moment, due=True, **fields):
    return factories.PilotInvitationFactory(first_name="Noor", last_name="de Vries", **fields)


def session(moment, due=True):
    store = SessionStore()
    store.create()
    return Session.objects.get(pk=store.session_key)


def user_session(moment, due=True):
    key = token_hex(16) if due else session(moment).session_key
    return UserSession.objects.create(user=factories.UserFactory(), ip="192.0.2.7", user_agent="x", session_key=key)


def admin_row(model):
    def make(moment, due=True):
        target = factories.UserFactory()
        options = {"data": "a=1", "last_updated_at": moment} if model is FormState else {"last_seen_at": moment}
        return model.objects.create(user=target, content_object=target, **options)

    return make


MAKERS = {
    "contact-messages": contact,
    "invitations-lapsed": lambda moment, due=True: invitation(moment, accepted_at=None if due else timezone.now()),
    "invitations-withdrawn": invitation,
    "invitations-accepted": invitation,
    "audit": lambda moment, due=True: factories.AuditEntryFactory(at=moment),
    "mail-sent": lambda moment, due=True: factories.MailFactory(state="verzonden"),
    "mail-failed": lambda moment, due=True: factories.MailFactory(state="mislukt" if due else "wacht"),
    "mail-secret": lambda moment, due=True: factories.MailFactory(state="verzonden", is_secret=due, text=""),
    "mailed-codes": lambda moment, due=True: factories.MailedCodeFactory(),
    "preview-links": lambda moment, due=True: apps.get_model("core.PreviewLink").objects.create(
        target=factories.UserFactory()
    ),
    "searched-terms": lambda moment, due=True: factories.SearchedTermFactory(),
    "sessions": session,
    "editing-sessions": admin_row(EditingSession),
    "form-states": admin_row(FormState),
    "notifications": lambda moment, due=True: factories.NotificationFactory(),
    "user-sessions": user_session,
}
CONDITIONAL = [rule.name for rule in RULES if rule.condition]


def aged(rule, age, due=True):
    """A row of a rule, so long after its moment."""
    moment = timezone.now() - age
    row = MAKERS[rule.name](moment, due)
    field = type(row)._meta.get_field(rule.since)
    value = moment if isinstance(field, models.DateTimeField) else timezone.localdate(moment)
    if rule.name != "audit":  # made with its moment, for it cannot be changed afterwards
        type(row)._base_manager.filter(pk=row.pk).update(**{rule.since: value})
    return row


@pytest.fixture(autouse=True)
def _lines_of_long_ago(monkeypatch):
    """A line of the trail notes its own moment; a test needs older ones."""
    monkeypatch.setattr(AuditEntry._meta.get_field("at"), "auto_now_add", False)


def test_every_rule_is_tried_here():
    assert set(MAKERS) == set(RULE)


@pytest.mark.parametrize("name", RULE)
def test_a_rule_takes_what_is_due_and_leaves_what_is_a_day_younger(name, db):
    rule = RULE[name]
    old, young = aged(rule, rule.keep + DAY), aged(rule, rule.keep - DAY)
    assert list(rule.rows()) == [old]
    assert rule.apply() == 1
    assert rule.apply() == 0
    left = type(old)._base_manager.all()
    if rule.wipe:
        assert left.filter(pk=old.pk).values(*rule.wipe).get() == rule.wipe
        assert left.filter(pk=young.pk).exclude(**rule.wipe).exists()
    else:
        assert young in left
        assert old not in left


@pytest.mark.parametrize("name", CONDITIONAL)
def test_a_rule_leaves_what_does_not_meet_its_condition(name, db):
    rule = RULE[name]
    aged(rule, rule.keep + 400 * DAY, due=False)
    assert rule.apply() == 0


def test_counts_of_searches_go_a_year_after_their_month(db, monkeypatch):
    now = timezone.make_aware(timezone.datetime(2026, 11, 23, 3))
    monkeypatch.setattr(timezone, "now", lambda: now)
    for month in (date(2025, 10, 1), date(2025, 11, 1), date(2026, 11, 1)):
        factories.SearchedTermFactory(month=month)
    RULE["searched-terms"].apply()
    left = apps.get_model("core.SearchedTerm").objects.values_list("month", flat=True)
    assert sorted(left) == [date(2025, 11, 1), date(2026, 11, 1)]


def test_an_invitation_that_was_accepted_tells_no_longer_whom(db):
    rule = RULE["invitations-accepted"]
    aged(rule, 31 * DAY)
    apply_retention()
    row = PilotInvitation.objects.get()
    assert (row.email, row.first_name, row.last_name, str(row)) == ("", "", "", "uitnodiging zonder naam")


def test_invitations_to_one_pilot_do_not_meet_when_they_are_wiped(pilot):
    for moment in ("withdrawn_at", "accepted_at"):
        for _ in range(2):
            invitation(None, pilot=pilot, **{moment: timezone.now() - 40 * DAY})
    apply_retention()
    assert list(PilotInvitation.objects.values_list("email", flat=True)) == [""] * 4


def test_retention_may_remove_lines_of_the_trail_and_nobody_may_after_it(db):
    aged(RULE["audit"], 731 * DAY)
    recent = factories.AuditEntryFactory(at=timezone.now())
    apply_retention()
    assert list(AuditEntry.objects.all()) == [recent]
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_one_rule_that_fails_does_not_stop_the_next(db, monkeypatch):
    class Broken:
        name = "broken"

        def apply(self):
            raise RuntimeError("broken on purpose")

    aged(RULE["mail-sent"], 91 * DAY)
    monkeypatch.setattr(retention, "RULES", [Broken(), RULE["mail-sent"]])
    with pytest.raises(ExceptionGroup, match=r"^Niet alles wat oud is, kon weg\."):
        apply_retention()
    assert RULE["mail-sent"].model and not apps.get_model("core.Mail").objects.exists()


# --- The command and the lists ----------------------------------------------------------------------------------------


def run(*arguments: str) -> dict[str, int]:
    """How many rows the command names per rule."""
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    lines = [line.split(maxsplit=1) for line in out.getvalue().splitlines() if line[:6].strip().isdigit()]
    return {rest.partition(":")[0]: int(count) for count, rest in lines}


def test_a_dry_run_counts_and_changes_nothing(db):
    aged(RULE["mail-sent"], 91 * DAY)
    aged(RULE["notifications"], 91 * DAY)
    dry = run("--dry-run")
    assert run("--dry-run") == dry
    assert {name for name, count in dry.items() if count} == {"mail-sent", "notifications"}
    assert run() == dry
    assert set(run().values()) == {0}


def test_the_team_reads_what_is_kept_and_how_long(as_user, moderator, editor, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    page = as_user(moderator).get("/admin/bewaartermijnen/").content.decode()
    assert [rule.what for rule in RULES if rule.what not in page] == []
    assert "2 jaar na wat er gebeurde" in page
    assert as_user(editor).get("/admin/bewaartermijnen/").status_code == 302


def test_the_documentation_names_every_rule():
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    assert [rule.name for rule in RULES if f"| `{rule.name}` |" not in text] == []


# --- Nothing is forgotten ---------------------------------------------------------------------------------------------


def is_personal(model) -> bool:
    """Whether a model has a mail address in it or says which user something is of."""
    return any(
        isinstance(field, models.EmailField) or (field.is_relation and field.related_model is User)
        for field in model._meta.local_fields
    )


DECLARED = {rule.model for rule in RULES} | {name for kept in KEPT for name in kept.models}


@pytest.mark.parametrize("model", [model for model in apps.get_models() if is_personal(model)])
def test_what_is_personal_has_a_rule_or_a_reason_to_stay(model):
    """Add a Rule or a Kept to the ``retention.py`` of the app."""
    assert model._meta.label in DECLARED


def test_no_rule_is_about_something_that_is_not_there():
    labels = {model._meta.label for model in apps.get_models()}
    assert DECLARED - labels == set()


def test_rules_have_names_of_their_own():
    assert len(RULE) == len(RULES)
