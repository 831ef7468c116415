from django import template
from django.conf import settings

from mkbroute.accounts.institution import is_offered

register = template.Library()

# What a browser says of itself, the most telling mark first: Edge also says Chrome, Chrome also says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """A browser and its system in plain words, such as "Firefox op Windows"."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Onbekende browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "een onbekend apparaat")
    return f"{browser} op {system}"


@register.simple_tag
def institution_name() -> str:
    """What the way to sign in by one's own institution is called; empty where there is none."""
    return settings.OIDC_NAME if is_offered() else ""
