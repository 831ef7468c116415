"""The trail: lines are added, and that is all."""

import pytest
from django.db import DatabaseError, connection, transaction

from mkbroute.core import audit
from mkbroute.core.models import AuditEntry
from tests import factories

Action = audit.Action


def test_a_line_tells_what_who_and_about_what(moderator, pilot):
    audit.record(Action.DECISION, "voorstel goedgekeurd", by=moderator, on=pilot, versie=3, velden=["titel", "rol"])
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.subject) == ("besluit", moderator, pilot)
    assert entry.about == "pilot Bouwkunde"
    assert entry.in_detail == "velden: titel, rol; versie: 3"


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.update(summary="Niets gebeurd"),
        lambda entries: entries.update(at="2020-01-01T00:00Z"),
        lambda entries: entries.update(details={}),
        lambda entries: entries.update(by=factories.UserFactory()),
        lambda entries: entries.update(by=None, summary="Iemand"),
        lambda entries: entries.delete(),
    ],
    ids=["text", "moment", "details", "other person", "nobody and another text", "deleting"],
)
def test_the_database_refuses_to_change_or_delete_a_line(change, moderator):
    audit.record(Action.RIGHTS, "rechten gewijzigd", by=moderator)
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        change(AuditEntry.objects.all())
    assert list(AuditEntry.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_name_cannot_be_taken_out_while_the_account_is_there():
    user = factories.UserFactory()
    audit.record(Action.RIGHTS, "rechten gewijzigd", by=user)
    with pytest.raises(DatabaseError, match="while the account is there"):
        AuditEntry.objects.update(by=None)
    assert AuditEntry.objects.get().by == user


@pytest.mark.django_db(transaction=True)
def test_a_line_stays_when_the_account_goes():
    user = factories.UserFactory()
    audit.record(Action.RIGHTS, "rechten gewijzigd", by=user, on=user)
    user.delete()
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.about, entry.summary) == (None, "", "rechten gewijzigd")


@pytest.mark.django_db(transaction=True)
def test_leave_to_remove_old_lines_ends_with_the_transaction():
    audit.record(Action.RIGHTS, "rechten gewijzigd")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mkbroute.retention', 'on', true)")
    with pytest.raises(DatabaseError):
        AuditEntry.objects.all().delete()


def test_a_long_summary_is_cut(db):
    audit.record(Action.EXPORT, "lang " * 100)
    assert len(AuditEntry.objects.get().summary) == 250
