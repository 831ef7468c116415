"""The command for newcomers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from mkbroute.accounts.models import User
from mkbroute.management.commands.demo_accounts import DEMOS, PASSWORD
from tests.accounts.conftest import sign_in


def run() -> str:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    return out.getvalue()


def test_it_refuses_in_production(settings, db):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        run()
    assert User.objects.count() == 0


def test_each_signs_in_with_what_it_prints(settings, db):
    settings.DEBUG = True
    told = run()
    landings = []
    for demo in DEMOS:
        assert demo.email in told
        client = Client()
        sign_in(client, demo.email, PASSWORD)
        landings.append((client.get("/account/").status_code, client.get("/admin/").status_code))
    assert PASSWORD in told
    assert landings == [(200, 200), (200, 200), *[(200, 404)] * 4]


def test_a_second_run_changes_nothing(settings, db):
    settings.DEBUG = True
    run()
    User.objects.update(first_name="Anders")
    before = list(User.objects.values())
    assert run() != ""
    assert list(User.objects.values()) == before
