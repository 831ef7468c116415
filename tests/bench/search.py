"""How long PostgreSQL works on a search and on a suggestion, by the number of entries."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from mkbroute.core.models import SearchEntry, SearchWord, Synonym
from mkbroute.core.search import Question, Search, suggestions

SIZES = (20, 2_000, 20_000)
TARGET = 60
"""Milliseconds of SQL, at the largest size."""

TIMES = 5
EXAMPLE = "voorbeeld:"
QUESTIONS = {
    "a word that is everywhere": "mkb",
    "a word of many titles": "student",
    "a rare compound": "praktijkbegeleiding",
    "a typing error": "logistik",
    "three words": "begeleiding technische bedrijven",
    "a synonym of two words": "associate degree",
    "two words as one": "businesscase",
    "ten words": "hoe begeleidt een bedrijf de student op de werkplek goed",
    "nothing": "xylofoonbouwer",
}
BEGINNINGS = {"a suggestion for two letters": "be", "a suggestion for a word": "praktijk"}


def words(text: str) -> list[str]:
    return text.split()


HEADS = words("""praktijk werk leer school bedrijf bouw techniek zorg logistiek handel onderwijs student docent beroep markt sector
    regio branche loopbaan kennis project toets rooster scholing instroom doorstroom uitval vak taal reken energie water metaal
    hout groen horeca mode media finance recht sport data software robot chemie auto lucht scheep spoor weg huis winkel kantoor
    keten kwaliteit tijd geld kosten subsidie beleid wet advies netwerk""")
TAILS = words("""begeleiding plek traject opleiding plan gesprek overeenkomst vraag aanbod onderzoek verslag examen dag week jaar uur
    groep team leider coach meester gids wijzer scan kaart lijst boek map bank fonds punt huis veld kring tafel ronde stap fase
    lijn route brug poort sleutel motor basis kern doel winst risico norm regel model vorm toets agenda visie missie keuze
    behoefte tekort overschot groei krimp""")
EVERYWHERE = [
    "mkb",
    "student",
    "bedrijf",
    "hogeschool",
    "werkplek",
    "Associate",
    "degree",
    "opleiding",
    "begeleidt",
    "technische",
]


def generate(number: int) -> None:
    """See to it that there are this many entries in all, with a vocabulary as a site of that size has."""
    there = SearchEntry.objects.count()
    dice = random.Random(there)  # the same in every run
    vocabulary = [f"{head}{middle}{tail}" for middle in ("", "s", "en") for head in HEADS for tail in TAILS]
    dice.shuffle(vocabulary)
    often = [1 / place for place in range(1, len(vocabulary) + 1)]  # as words come in any language
    for first in range(there, number, 1000):
        SearchEntry.objects.put(list(_entries(first, min(first + 1000, number), dice, vocabulary, often)))


def _entries(
    start: int, end: int, dice: random.Random, vocabulary: list[str], often: list[float]
) -> Iterator[SearchEntry]:
    for n in range(start, end):
        words = dice.choices(vocabulary, often, k=220) + dice.choices(HEADS, k=40) + EVERYWHERE
        dice.shuffle(words)
        yield SearchEntry.about(
            key=f"{EXAMPLE}{n}",
            kind=("contentpage", "pilot", "organisation", "person", "term", "newsitem")[n % 6],
            title=f"{dice.choice(EVERYWHERE)} {' '.join(dice.choices(vocabulary, k=3))} {n}",
            summary=" ".join(words[:25]),
            keywords=dice.choices(HEADS, k=6),
            text=" ".join(words),
            address=f"/voorbeeld/{n}/",
            themes=[f"thema-{n % 5}"],
        )


def measure() -> None:
    """Print a table with a line per question and a column per number of entries."""

    def search(text: str) -> None:
        found = Search(Question(text), AnonymousUser())
        assert found.did_you_mean is not None

    cases = {name: (search, text) for name, text in QUESTIONS.items()}
    cases |= {name: (lambda text: suggestions(text, AnonymousUser()), text) for name, text in BEGINNINGS.items()}
    Synonym.objects.get_or_create(terms="Ad, Associate degree")
    SearchEntry.objects.all().delete()  # the content of the site is more than the smallest size
    table: dict[str, list[float]] = {name: [] for name in cases}
    for size in SIZES:
        generate(size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE core_searchentry, core_searchword")
        for name, (ask, text) in cases.items():
            table[name].append(statistics.median(sql_milliseconds(ask, text) for _ in range(TIMES)))
    print(f"\nSQL of a search in ms, median of {TIMES}, by number of entries; {SearchWord.objects.count()} words\n")
    print(f"{'':32}" + "".join(f"{size:>9}" for size in SIZES) + f"{'target':>9}")
    for name, times in table.items():
        print(f"{name:32}" + "".join(f"{time:9.1f}" for time in times) + f"{TARGET:9}")


def sql_milliseconds(ask: Callable[[str], object], text: str) -> float:
    """How long all queries of one question take together."""
    spent = 0.0

    def clock(execute, *args):
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent += time.perf_counter() - start

    with connection.execute_wrapper(clock):
        ask(text)
    return spent * 1000
