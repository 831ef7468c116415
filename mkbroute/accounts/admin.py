"""The administration of users: Wagtail's screens, without user names and without passwords to set.

A new user signs in with a mailed code at once, and chooses a password or a passkey afterwards, or never.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.users import forms as wagtail_forms
from wagtail.users.views import bulk_actions, groups
from wagtail.users.views import users as views

from mkbroute.accounts import rights
from mkbroute.accounts.actions import end_sessions
from mkbroute.accounts.institution import unlink
from mkbroute.accounts.models import User
from mkbroute.accounts.permissions import EDITORS, TEAM, may_manage
from mkbroute.core import audit, mail

FIELDS = ["email", "first_name", "last_name", "is_staff", "is_superuser", "groups"]
LABELS = {
    "email": "E-mailadres",
    "first_name": "Voornaam",
    "last_name": "Achternaam",
    "is_staff": "Programmateam",
    "is_superuser": "Mag alles",
    "groups": "Groepen",
}
HELP = {
    "email": "Hiermee logt iemand in: met een code per mail, een wachtwoord of een passkey.",
    "is_superuser": "Ook groepen, rechten en instellingen. Voor het dagelijkse werk is dat niet nodig.",
    "groups": "Een groep bepaalt wat iemand in het beheer mag. Zonder groep komt iemand er niet in.",
}
WIDGETS = {"groups": forms.CheckboxSelectMultiple}


class UserForm(wagtail_forms.UserForm):
    """What a user has in Dutch. Takes ``by``, who fills it in: only a superuser makes a superuser."""

    error_messages = {
        **wagtail_forms.UserForm.error_messages,
        "duplicate_username": "Dit e-mailadres is al in gebruik.",
    }

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, field.help_text)
        if "is_superuser" in self.fields:
            self.fields["is_superuser"].disabled = not by.is_superuser
        if "groups" in self.fields and not by.is_superuser:
            # The team hands out its own groups. One that a superuser made, and who is in it, stays a superuser's business.
            self.fields["groups"].queryset = Group.objects.filter(name__in=[TEAM, EDITORS])

    def clean_groups(self) -> list[Group]:
        offered = self.fields["groups"].queryset
        kept = self.instance.groups.exclude(pk__in=offered) if self.instance.pk else Group.objects.none()
        return [*self.cleaned_data["groups"], *kept]


class UserCreationForm(UserForm):
    class Meta:
        model = User
        fields = FIELDS
        widgets = WIDGETS

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class UserEditForm(UserForm, wagtail_forms.UserEditForm):
    """A user there is. Who may change the address *and* clear the second factor can become that user, so the
    second is for superusers only."""

    clear_second_factor = forms.BooleanField(
        label="Wis de tweede stap",
        help_text="Voor wie telefoon, passkey en herstelcodes kwijt is. Ga eerst na wie dit vraagt, "
        "bijvoorbeeld door te bellen. Alleen wie alles mag, kan dit.",
        required=False,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, by=by, **kwargs)
        self.fields["clear_second_factor"].disabled = not by.is_superuser

    class Meta:
        model = User
        fields = [*FIELDS, "is_active"]
        widgets = WIDGETS

    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        if "email" in self.changed_data:
            # allauth remembers addresses of its own accord; the old one, and who it belonged to, must not come in.
            EmailAddress.objects.filter(user=user).delete()
            unlink(user, by=self.by)
        if "is_active" in self.changed_data and not user.is_active:
            end_sessions(user=user)
        if self.cleaned_data["clear_second_factor"]:
            Authenticator.objects.filter(user=user).delete()
        return user


class IndexView(views.IndexView):
    @cached_property
    def columns(self) -> list:
        columns = super().columns
        for column in columns:
            column.label = LABELS.get(column.name, column.label)
        return columns


class CreateView(views.CreateView):
    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def save_instance(self) -> User:
        user = super().save_instance()
        rights.record_new(user, by=self.request.user)
        return user


class EditView(views.EditView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not may_manage(request.user, self.object):
            raise PermissionDenied

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def save_instance(self) -> User:
        with rights.recorded([self.object], by=self.request.user):
            user = super().save_instance()
        if self.form.cleaned_data["clear_second_factor"]:
            audit.record(audit.Action.ACCOUNT, "tweede stap gewist", by=self.request.user, on=user)
        return user


class DeleteView(views.DeleteView):
    def delete_action(self) -> None:
        with transaction.atomic():
            forget_account(self.object, by=self.request.user)
            super().delete_action()


def forget_account(user: User, *, by: User) -> None:
    """What goes with an account that is about to be deleted and does not hang on its row."""
    audit.record(audit.Action.ACCOUNT, "account verwijderd", by=by, on=user)
    mail.forget(person=user)


class UserViewSet(views.UserViewSet):
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    copy_view_enabled = False  # a copy of a person is nobody

    def get_form_class(self, for_update: bool = False) -> type[UserForm]:
        return UserEditForm if for_update else UserCreationForm


class SetActiveStateBulkAction(bulk_actions.SetActiveStateBulkAction):
    """Switching many users on or off at once, under the same rule as one by one."""

    def check_perm(self, user: User) -> bool:
        return super().check_perm(user) and may_manage(self.request.user, user)

    @classmethod
    def execute_action(cls, objects: list[User], mark_as_active: bool = False, **kwargs: Any) -> tuple[int, int]:
        with rights.recorded(objects, by=kwargs["user"]):
            done = super().execute_action(objects, mark_as_active=mark_as_active, **kwargs)
        if not mark_as_active:
            for user in objects:
                end_sessions(user=user)
        return done


class AssignRoleBulkAction(bulk_actions.AssignRoleBulkAction):
    """Giving many users a group at once offers every group there is, so it is for superusers."""

    def check_perm(self, user: User) -> bool:
        return super().check_perm(user) and self.request.user.is_superuser

    def get_execution_context(self) -> dict:
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[User], role: Group | None = None, **kwargs: Any) -> tuple[int, int] | None:
        with rights.recorded(objects, by=kwargs["user"]):
            return super().execute_action(objects, role=role)


class DeleteBulkAction(bulk_actions.DeleteBulkAction):
    """Deleting many users at once."""

    def get_execution_context(self) -> dict:
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[User], **kwargs: Any) -> tuple[int, int]:
        with transaction.atomic():
            for user in objects:
                forget_account(user, by=kwargs["user"])
            return super().execute_action(objects, **kwargs)


# --- Groups -------------------------------------------------------------------------------------------------


class GroupRecorded:
    """For Wagtail's views of a group: what it may do is on the group itself, on pages and on collections."""

    def process_form(self) -> HttpResponse:
        with transaction.atomic(), rights.group_recorded(self.object, by=self.request.user):
            return super().process_form()


class GroupCreateView(GroupRecorded, groups.CreateView):
    """A new group."""


class GroupEditView(GroupRecorded, groups.EditView):
    """What a group may do."""


class GroupDeleteView(groups.DeleteView):
    def delete_action(self) -> None:
        audit.record(audit.Action.RIGHTS, f"groep {self.object.name} verwijderd", by=self.request.user)
        super().delete_action()


class GroupViewSet(groups.GroupViewSet):
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView
