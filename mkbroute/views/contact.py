from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mkbroute.actions import send_contact_message
from mkbroute.forms import ContactForm, ContactPrefill
from mkbroute.models import ContactMessage
from mkbroute.views.system import DATABASE_AWAY

MESSAGES_PER_HOUR = 5

ELSEWHERE = (
    "Uw bericht is nog niet verstuurd, want uw browser meldt dat het van een andere website komt. "
    "Lees het na en verstuur het vanaf deze pagina."
)
TOO_MANY = (
    "Uw bericht is nog niet verstuurd. Vanaf uw internetverbinding kwamen het afgelopen uur veel berichten. "
    "Probeer het over een uur nog een keer."
)
UNAVAILABLE = (
    "Uw bericht is nog niet verstuurd, want wij kunnen het nu niet bewaren. Dat ligt aan ons. "
    "Laat deze pagina openstaan en probeer het over een paar minuten nog een keer."
)


# Django's own protection against forged requests needs a cookie, and a visitor gets none. There is no session
# to ride on here either: a forged request could only send a message, which anybody can. What is left is to
# keep other websites from using a visitor's browser for that, and browsers tell us when they try.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
# Every visitor needs a form of their own. Not "no-store": that would empty the form for who goes back to it.
@cache_control(private=True, no_cache=True)
def contact(request: HttpRequest) -> HttpResponse:
    """The contact form. What was typed comes back with every refusal; ``ContactForm`` has the quiet ones."""
    if request.method != "POST":
        form = ContactForm(initial={"subject": ContactPrefill(request.GET).subject})
        return _page(request, form)
    form = ContactForm(request.POST)
    valid = form.is_valid()
    if not _sent_from_our_page(request):
        form.add_error(None, ELSEWHERE)
        return _page(request, form, status=403)
    if not valid:
        return _page(request, form)
    sender = _sender(request)
    try:
        if cache.get(sender, 0) >= MESSAGES_PER_HOUR and not _is_known(form.instance):
            form.add_error(None, TOO_MANY)
            return _page(request, form, status=429)
        send_contact_message(message=form.instance)
    except DATABASE_AWAY:
        form.add_error(None, UNAVAILABLE)
        return _page(request, form, status=503)
    cache.set(sender, cache.get(sender, 0) + 1, timeout=3600)
    return redirect("contact_sent")


@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    """Where a visitor arrives whose message is stored."""
    return render(request, "contact_sent.html", {"crumbs": [("Contact", "/contact/"), ("Verstuurd", request.path)]})


def _page(request: HttpRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "crumbs": [("Contact", request.path)]}
    return render(request, "contact.html", context, status=status)


def _sent_from_our_page(request: HttpRequest) -> bool:
    """What the browser says about where the form was; one that says nothing is believed."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin in {None, f"{request.scheme}://{request.get_host()}"}


def _sender(request: HttpRequest) -> str:
    """The key under which the messages of one internet connection are counted, for an hour.

    The address is never stored: the cache keeps a keyed hash of it.
    """
    address = ip_address(get_adapter().get_client_ip(request))
    # One connection gets one address of IPv4, or a /64 of IPv6.
    network = ip_network((address, 64 if address.version == 6 else 32), strict=False)
    return "contact:" + salted_hmac("mkbroute.contact", str(network)).hexdigest()


def _is_known(message: ContactMessage) -> bool:
    """Whether this is the second click on a message we have: its sender must not read that it was refused."""
    return ContactMessage.objects.filter(submission=message.submission).exists()
