import pytest

from mkbroute.accounts.templatetags.accounts import device

WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{WINDOWS} {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome op Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge op Windows"),
        (f"{WINDOWS} Gecko/20100101 Firefox/140.0", "Firefox op Windows"),
        (f"{MAC} {WEBKIT} Version/18.0 Safari/605.1.15", "Safari op Mac"),
        (f"{IPHONE} {WEBKIT} CriOS/140.0 Safari/604.1", "Chrome op iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36", "Chrome op Android"),
        ("", "Onbekende browser op een onbekend apparaat"),
    ],
)
def test_a_device_is_told_in_plain_words(user_agent, words):
    assert device(user_agent) == words
