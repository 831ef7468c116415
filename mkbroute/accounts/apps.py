from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "mkbroute.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default = True


class UserAdminConfig(WagtailUsersAppConfig):
    """Wagtail's administration of users, with our screens."""

    user_viewset = "mkbroute.accounts.admin.UserViewSet"
    default = False
