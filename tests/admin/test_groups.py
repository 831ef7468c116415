"""The groups of the admin: who may do what, and that making them again changes nothing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupPagePermission, Page, Workflow, WorkflowContentType

from mkbroute.accounts.models import GivenRight
from mkbroute.permissions import EDITORS, PUBLISHABLES, TEAM, ensure_groups
from tests import factories


def rights(group: Group) -> set[str]:
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}


def test_an_editor_may_write_and_no_more(groups):
    assert rights(groups[EDITORS]) == {
        "wagtailadmin.access_admin",
        *("pilots.add_pilot", "pilots.change_pilot"),
        *("network.add_organisation", "network.change_organisation"),
        *("network.add_person", "network.change_person"),
        *("research.add_practice", "research.change_practice"),
        *("research.add_question", "research.change_question"),
        *("research.add_publication", "research.change_publication"),
        *("research.add_policyfile", "research.change_policyfile"),
        *("research.add_term", "research.change_term"),
        *("research.add_newsitem", "research.change_newsitem"),
        *("core.add_source", "core.change_source"),
        *("core.add_synonym", "core.change_synonym"),
        "mkbroute.change_brokenlink",
    }


def test_the_team_publishes_and_keeps_users_redirects_reviews_and_messages(groups):
    added = rights(groups[TEAM]) - rights(groups[EDITORS])
    assert {
        "pilots.publish_pilot",
        "network.delete_person",
        "core.change_sector",
        "mkbroute.change_contactmessage",
        "accounts.change_user",
        "wagtailredirects.add_redirect",
        "wagtailcore.change_workflow",
    } <= added


@pytest.mark.parametrize("right", ["accounts.delete_user", "auth.change_group", "wagtailcore.change_site"])
def test_what_the_team_does_not_need_it_does_not_get(right, groups):
    assert right not in rights(groups[TEAM])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (EDITORS, {"add_page", "change_page"}),
        (
            TEAM,
            {"add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"},
        ),
    ],
)
def test_rights_on_pages(name, expected, groups):
    given = GroupPagePermission.objects.filter(group=groups[name]).values_list("permission__codename", flat=True)
    assert set(given) == expected


@pytest.mark.parametrize("kind", ["image", "document"])
def test_an_editor_manages_own_files_the_team_all_of_them(kind, groups):
    def of(name):
        return {p.permission.codename for p in groups[name].collection_permissions.all()}

    assert {f"add_{kind}", f"choose_{kind}"} <= of(EDITORS)
    assert of(TEAM) - of(EDITORS) >= {f"change_{kind}"}
    assert f"change_{kind}" not in of(EDITORS)


def test_the_english_groups_of_wagtail_are_gone(groups):
    assert set(groups) == {EDITORS, TEAM}


def test_an_english_group_that_somebody_is_in_stays(db):
    group = Group.objects.get(name="Editors")
    factories.UserFactory().groups.add(group)
    ensure_groups()
    assert Group.objects.filter(name="Editors").count() == 1


def test_everything_with_a_page_is_reviewed_by_the_team(groups):
    workflow = Workflow.objects.get(name="Controle")
    assert [list(task.specific.groups.all()) for task in workflow.tasks] == [[groups[TEAM]]]
    assert workflow.tasks.get().name == "Controle"
    assert {each.content_type.model_class() for each in WorkflowContentType.objects.all()} == set(PUBLISHABLES)
    assert factories.ContentPageFactory().get_workflow() == workflow


def test_what_wagtail_named_in_english_has_a_dutch_name(groups):
    assert Collection.get_first_root_node().name == "Bibliotheek"
    assert Page.get_first_root_node().title == "Alle pagina's"
    assert Workflow.objects.count() == 1


def test_making_the_groups_again_changes_nothing_that_a_superuser_changed(groups):
    groups[TEAM].permissions.remove(Permission.objects.get(codename="delete_pilot"))
    groups[EDITORS].permissions.add(Permission.objects.get(codename="delete_pilot"))
    task = Workflow.objects.get().tasks.get().specific
    task.groups.set([groups[EDITORS]])
    before = rights(groups[TEAM]), rights(groups[EDITORS])
    ensure_groups()
    assert (rights(groups[TEAM]), rights(groups[EDITORS])) == before
    assert list(task.groups.all()) == [groups[EDITORS]]
    assert Workflow.objects.count() == 1


def as_before_news(group: Group) -> None:
    """The group as an installation has it that does not know news yet."""
    news = Permission.objects.filter(content_type__model="newsitem")
    group.permissions.remove(*news)
    GivenRight.objects.filter(permission__in=news).delete()


def test_groups_of_long_ago_get_the_rights_on_what_is_new_and_nothing_else(groups):
    as_before_news(groups[TEAM])
    as_before_news(groups[EDITORS])
    groups[TEAM].permissions.remove(Permission.objects.get(codename="delete_pilot"))
    ensure_groups()
    news = {f"research.{verb}_newsitem" for verb in ("add", "change", "delete", "publish", "lock", "unlock")}
    assert rights(groups[TEAM]) >= news
    assert rights(groups[EDITORS]) & news == {"research.add_newsitem", "research.change_newsitem"}
    assert "pilots.delete_pilot" not in rights(groups[TEAM])


def test_who_took_all_rights_on_news_away_is_not_given_them_back(groups):
    for group in groups.values():
        group.permissions.remove(*Permission.objects.filter(content_type__model="newsitem"))
    ensure_groups()
    assert [name for name in rights(groups[TEAM]) | rights(groups[EDITORS]) if "newsitem" in name] == []


def test_the_migration_knows_what_groups_of_long_ago_were_given(groups):
    GivenRight.objects.all().delete()
    as_before_news(groups[TEAM])
    groups[TEAM].permissions.remove(Permission.objects.get(codename="delete_pilot"))
    import_module("mkbroute.accounts.migrations.0002_given_rights").record_what_was_given(apps, None)
    ensure_groups()
    assert "pilots.delete_pilot" not in rights(groups[TEAM])
    assert "research.publish_newsitem" in rights(groups[TEAM])


@pytest.mark.parametrize("model", PUBLISHABLES)
def test_everything_with_a_page_can_be_sent_in_by_an_editor_and_published_by_the_team(model, groups):
    of_editors, of_team = rights(groups[EDITORS]), rights(groups[TEAM])
    name = model._meta.label_lower.replace(".", ".{}_")
    assert [name.format(verb) in of_editors for verb in ("add", "change", "publish", "delete")] == [1, 1, 0, 0]
    assert [name.format(verb) in of_team for verb in ("add", "change", "publish", "delete")] == [1, 1, 1, 1]
    assert model(pk=1).get_workflow() == Workflow.objects.get()
