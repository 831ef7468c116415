"""System checks for settings that can be wrong."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def production_settings(app_configs, **kwargs) -> list[Error]:
    """Refuse what would be unsafe or broken in production."""
    errors = []
    if settings.SECRET_KEY == settings.DEVELOPMENT_SECRET or len(settings.SECRET_KEY) < 50:
        errors.append(
            Error(
                "SECRET_KEY must be a random text of at least 50 characters.",
                id="mkbroute.E001",
            )
        )
    if not settings.STAFF_NEEDS_SECOND_FACTOR:
        errors.append(
            Error(
                "STAFF_NEEDS_SECOND_FACTOR must be on in production.",
                id="mkbroute.E002",
            )
        )
    if not settings.SITE_URL.startswith("https://"):
        errors.append(Error("SITE_URL must start with https://.", id="mkbroute.E003"))
    if settings.OIDC_SERVER_URL and not settings.OIDC_SERVER_URL.startswith("https://"):
        errors.append(Error("OIDC_SERVER_URL must start with https://.", id="mkbroute.E006"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        errors.append(Error("ALLOWED_HOSTS must name the hosts of the site.", id="mkbroute.E004"))
    return errors


@register(Tags.security)
def institution_settings(app_configs, **kwargs) -> list[Error]:
    """Refuse signing in by institution that is half set: it would be off without anybody knowing why."""
    names = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    missing = [name for name in names if not getattr(settings, name)]
    if len(missing) in (0, len(names)):
        return []
    return [
        Error(
            f"Signing in by institution is half set: {' and '.join(missing)} must be set too.",
            hint="Set all three, or none to leave it off. See docs/operations.md.",
            id="mkbroute.E005",
        )
    ]
