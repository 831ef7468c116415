"""What somebody, or a group, may do: before and after a change, for the trail."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group

from mkbroute.accounts.models import User
from mkbroute.core import audit

FLAGS = {"is_active": "actief", "is_staff": "programmateam", "is_superuser": "mag alles"}


@contextmanager
def recorded(users: Iterable[User], *, by: User) -> Iterator[None]:
    """Note in the trail which rights of these users changed inside the block, one line per user."""
    pks = [user.pk for user in users]
    before = _rights_of(pks)
    yield
    after = _rights_of(pks)
    for user in User.objects.filter(pk__in=pks):
        record_change(user, before[user.pk], after[user.pk], by=by)


def record_new(user: User, *, by: User) -> None:
    """Note with which rights an account begins."""
    audit.record(audit.Action.ACCOUNT, "account gemaakt", by=by, on=user)
    record_change(user, {}, _rights_of([user.pk])[user.pk], by=by)


def record_change(user: User, before: dict[str, str], after: dict[str, str], *, by: User) -> None:
    """Note what differs, if anything does."""
    # What a new account does not have is no change.
    changed = {
        name: f"{before.get(name, 'nee')} → {value}"
        for name, value in after.items()
        if before.get(name, "nee") != value
    }
    if changed:
        audit.record(audit.Action.RIGHTS, f"rechten gewijzigd: {', '.join(changed)}", by=by, on=user, **changed)


def _rights_of(pks: list[int]) -> dict[int, dict[str, str]]:
    return {
        user.pk: {
            **{word: "ja" if getattr(user, flag) else "nee" for flag, word in FLAGS.items()},
            "groepen": ", ".join(sorted(group.name for group in user.groups.all())) or "nee",
        }
        for user in User.objects.filter(pk__in=pks).prefetch_related("groups")
    }


@contextmanager
def group_recorded(group: Group, *, by: User) -> Iterator[None]:
    """Note in the trail which rights a group gained and lost inside the block."""
    before = rights_of_group(group)
    yield
    after = rights_of_group(group)
    if before != after:
        audit.record(
            audit.Action.RIGHTS,
            f"rechten van de groep {group.name} gewijzigd",
            by=by,
            on=group if group.pk else None,
            erbij=sorted(after - before),
            eraf=sorted(before - after),
        )


def rights_of_group(group: Group) -> set[str]:
    """All that a group may do: in general, on pages, and on files of a collection."""
    if group.pk is None:
        return set()
    general = group.permissions.values_list("content_type__app_label", "codename")
    pages = group.page_permissions.values_list("page__title", "permission__codename")
    files = group.collection_permissions.values_list("collection__name", "permission__codename")
    return {f"{app}.{name}" for app, name in general} | {f"{name} in {where}" for where, name in [*pages, *files]}
