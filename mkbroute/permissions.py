"""The two groups that work in the staff admin, with the least rights they need, and the review between them."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from mkbroute.accounts.models import GivenRight
from mkbroute.accounts.permissions import EDITORS, TEAM
from network.models import Organisation, Person
from pilots.models import Pilot
from research.models import NewsItem, PolicyFile, Practice, Publication, Question, Term

PUBLISHABLES = (
    *(Pilot, Organisation, Person),
    *(Practice, Question, Publication, PolicyFile, Term, NewsItem),
)
REVIEW = "Controle"

# Who writes may not publish, delete or unlock: the team checks first. Sources have no drafts, so what is wrong in them
# is put right in place.
EDITOR_RIGHTS = [
    "wagtailadmin.access_admin",
    *(
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        for model in PUBLISHABLES
        for verb in ("add", "change")
    ),
    *("core.add_source", "core.change_source"),
    *("core.add_synonym", "core.change_synonym"),
    "mkbroute.change_brokenlink",
]
TEAM_RIGHTS = [
    *EDITOR_RIGHTS,
    *(
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        for model in PUBLISHABLES
        for verb in ("delete", "publish", "lock", "unlock")
    ),
    *("core.delete_source", "core.delete_synonym"),
    *("core.add_promotedresult", "core.change_promotedresult", "core.delete_promotedresult"),
    "core.view_searchedterm",
    *("core.add_standardtext", "core.change_standardtext", "core.delete_standardtext"),
    *(
        f"core.{verb}_{label}"
        for label in ("theme", "sector", "targetgroup", "province")
        for verb in ("add", "change", "delete")
    ),
    *("mkbroute.view_contactmessage", "mkbroute.change_contactmessage", "mkbroute.delete_contactmessage"),
    "mkbroute.view_jobrun",
    *("core.view_mail", "core.change_mail", "core.view_auditentry"),
    "pilots.change_membership",  # who takes part in a pilot, and who is invited
    "pilots.change_update",  # reads and judges what partners post
    # Partners ask; the team answers, and alone keeps what was talked about.
    *("pilots.change_supportrequest", "pilots.delete_supportrequest"),
    *("pilots.add_contactmoment", "pilots.change_contactmoment", "pilots.delete_contactmoment"),
    # An account is switched off, never deleted: history names it. Groups stay with a superuser.
    *("accounts.add_user", "accounts.change_user"),
    *(f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete")),
    *(f"wagtailcore.{verb}_{model}" for model in ("workflow", "task") for verb in ("add", "change", "delete")),
]
EDITOR_PAGE_RIGHTS = ["add_page", "change_page"]
TEAM_PAGE_RIGHTS = [*EDITOR_PAGE_RIGHTS, "publish_page", "bulk_delete_page", "lock_page", "unlock_page"]
# In Wagtail "add" covers files you uploaded yourself; "change" covers, and may delete, those of everybody.
EDITOR_FILE_RIGHTS = ["add", "choose"]
TEAM_FILE_RIGHTS = [*EDITOR_FILE_RIGHTS, "change"]


@transaction.atomic
def ensure_groups() -> tuple[Group, Group]:
    """Make the groups and the review, and give what Wagtail made in English its Dutch name. Running it again is safe.

    A group gets every right once, when the group or the right is new: what a superuser changes later stays.

    Returns the groups of the team and of the editors.
    """
    team = _ensure_group(TEAM, TEAM_RIGHTS, TEAM_PAGE_RIGHTS, TEAM_FILE_RIGHTS)
    editors = _ensure_group(EDITORS, EDITOR_RIGHTS, EDITOR_PAGE_RIGHTS, EDITOR_FILE_RIGHTS)
    _ensure_review(team)
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    Collection.objects.filter(depth=1, name="Root").update(name="Bibliotheek")
    Page.objects.filter(depth=1, title="Root").update(title="Alle pagina's", draft_title="Alle pagina's")
    return team, editors


def _ensure_group(name: str, rights: list[str], page_rights: list[str], file_rights: list[str]) -> Group:
    group, is_new = Group.objects.get_or_create(name=name)
    given = set(GivenRight.objects.filter(group=group).values_list("permission", flat=True))
    new = {permission for permission in _permissions(rights) if permission.pk not in given}
    group.permissions.add(*new)
    GivenRight.objects.bulk_create(GivenRight(group=group, permission=permission) for permission in new)
    if not is_new:
        return group
    for codename in page_rights:
        GroupPagePermission.objects.create(
            group=group, page=Page.get_first_root_node(), permission=_permission("wagtailcore", codename)
        )
    for model in (Image, get_document_model()):
        for verb in file_rights:
            GroupCollectionPermission.objects.create(
                group=group,
                collection=Collection.get_first_root_node(),
                permission=_permission(model._meta.app_label, f"{verb}_{model._meta.model_name}"),
            )
    return group


def _permissions(names: list[str]) -> list[Permission]:
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    return [known[name] for name in names]


def _permission(app_label: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _ensure_review(team: Group) -> None:
    """One step, by the team, for every page and everything with a page; Wagtail's own workflow becomes it."""
    workflow = Workflow.objects.filter(name__in=[REVIEW, "Moderators approval"]).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=REVIEW)
    elif workflow.name != REVIEW:
        workflow.name = REVIEW
        workflow.save()
    task = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=REVIEW)
        WorkflowTask.objects.create(workflow=workflow, task=task)
    if task.name != REVIEW or not task.groups.exists():
        task.name = REVIEW
        task.save()
        task.groups.set([team])
    WorkflowPage.objects.get_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    for model in PUBLISHABLES:
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )
