"""Old addresses keep working: one redirect each, straight to the newest address."""

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect


@transaction.atomic
def leave_redirect(old: str, new: str) -> None:
    """Let the path ``old`` lead to the path ``new``, permanently.

    Redirects that led to ``old`` are pointed at ``new`` (no chains), and one that stood on ``new`` goes, for that path is
    a page again (no loops).
    """
    old_path, new_path = Redirect.normalise_path(old), Redirect.normalise_path(new)
    if old_path == new_path:
        return
    Redirect.objects.filter(old_path=new_path, site=None).delete()
    Redirect.objects.filter(redirect_link=old).update(redirect_link=new)
    Redirect.objects.update_or_create(
        old_path=old_path,
        site=None,
        defaults={
            "redirect_link": new,
            "is_permanent": True,
            "automatically_created": True,
        },
    )
