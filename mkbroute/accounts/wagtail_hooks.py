from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks

from mkbroute.accounts.admin import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

# These come after Wagtail's own, which they replace.
hooks.register("register_bulk_action", SetActiveStateBulkAction, order=1)
hooks.register("register_bulk_action", AssignRoleBulkAction, order=1)
hooks.register("register_bulk_action", DeleteBulkAction, order=1)


@hooks.register("register_account_menu_item")
def account_link(request: HttpRequest) -> dict[str, str]:
    """From the settings somebody has in the admin to the ways they sign in."""
    return {
        "url": reverse("account_home"),
        "label": "Inloggen en beveiliging",
        "help_text": "Uw wachtwoord, uw tweede stap en waar u bent ingelogd.",
    }
