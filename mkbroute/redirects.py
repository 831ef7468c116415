"""Old addresses of pages.

Wagtail leaves a redirect from an old address to the page itself, so these never form a chain. It does forget that a page
can come back to an address it had before: the redirect left there would lead to itself once the page is offline.
"""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from mkbroute.models import page_address


def free_addresses(instance: Page, **kwargs) -> None:
    """Delete the redirects that stand on the address of a page, or of a page below it."""
    places = Page.objects.filter(path__startswith=instance.path).values_list("url_path", flat=True)
    addresses = [Redirect.normalise_path(page_address(place)) for place in places]
    Redirect.objects.filter(old_path__in=addresses).delete()
