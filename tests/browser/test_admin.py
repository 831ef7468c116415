"""What we added to the admin. The rest of it is Wagtail's, and so are the faults in there."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from mkbroute.core.models import PreviewLink
from mkbroute.permissions import EDITORS
from pilots.models import Pilot
from tests import factories

from .conftest import WIDE
from .test_accessibility import faults


@pytest.fixture
def editor(own_content):
    user = factories.UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_ours(visit_as, editor, scheme):
    pilot = Pilot.objects.first()
    PreviewLink.objects.create(target=pilot)
    links = reverse("preview_links", args=["pilots", "pilot", pilot.pk])
    page = visit_as(editor, width=WIDE, color_scheme=scheme)
    found = []
    for address, ours in {
        "/admin/": ".today-page",
        "/admin/handleiding/": ".manual",
        links: ".preview-links",
    }.items():
        page.goto(address)
        assert page.locator(ours).is_visible()
        found += [f"{address}: {fault}" for fault in faults(page, within=ours)]
    assert found == []
