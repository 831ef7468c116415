from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "mkbroute.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default = True

    def ready(self):
        from allauth.account.signals import login_code_rejected
        from allauth.mfa.signals import authentication_failed

        from mkbroute.accounts import sign_ins

        # The two places where allauth asks no adapter.
        login_code_rejected.connect(sign_ins.code_rejected)
        authentication_failed.connect(sign_ins.second_step_failed)


class UserAdminConfig(WagtailUsersAppConfig):
    """Wagtail's administration of users, with our screens."""

    user_viewset = "mkbroute.accounts.admin.UserViewSet"
    group_viewset = "mkbroute.accounts.admin.GroupViewSet"
    default = False
