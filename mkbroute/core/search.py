"""Searching the entries: what somebody typed becomes three nets, from narrow to wide.

The first net has the stems of the words as they were typed, also joined to or split from their neighbours ("business
case", "businesscase"). The second adds the editors' synonyms, the third words that look alike. An entry must have every
word; the narrowest net that holds it decides its place. Rebuilding the entries is here too.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from django.apps import apps
from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length
from django.utils.html import escape
from django.utils.safestring import SafeString

from mkbroute.core.models.search import CONFIG, MARKS, SHORTEST, Searchable, SearchEntry, SearchWord, Synonym, seen_by
from mkbroute.core.words import words_of

MAX_TEXT = 100
MAX_WORDS = 10
SAME, SYNONYM, ALIKE = 3, 2, 1
"""The nets, the best first."""

LIKENESS = 0.6
"""How alike words must be, from 0 to 1; the default of pg_trgm, which its operators below use."""

FUZZY_FROM = 4
"""Shorter words have no look-alikes: "bbl" is not "bol"."""

LOOK_ALIKES_PER_WORD = 20
RANKED = 2
"""So many of those look-alikes, the best, decide how names are ranked: every one costs time for every hit."""

TYPING_ERROR = 2
"""So many letters a word gets longer or shorter by a typing error; a compound differs by more."""

SPLIT_UP_TO = 30
PLENTY = 1000
"""A net that catches so many entries needs no wider one; and how often a word is in their texts says nothing any more."""

SNIPPET_FROM = 20_000
"""A snippet comes from the first so many characters of a text; to read them all takes too long."""

PER_KIND = 4
PER_PAGE = 20

# The words that tell something, for a stop word has no stem; and the known words that look like those typed, the most
# alike first. A look-alike begins the same ("technische", "techniek"), is part of a compound ("werkplek", "leerwerkplek") or
# is right where the typed word has an error ("subisdie"). That words end alike is not enough: "begeleiding" is not
# "opleiding", and "leiden" is not "opleiden".
VOCABULARY = """
SELECT word, NULL AS other, NULL AS likeness FROM unnest(%(words)s::text[]) AS word WHERE ts_lexize('dutch_stem', word) <> '{}'
UNION ALL
SELECT typed, other, likeness FROM unnest(%(typed)s::text[]) AS typed CROSS JOIN LATERAL (
    SELECT word AS other, likeness FROM (
        SELECT word, greatest(word_similarity(typed, word), word_similarity(word, typed)) AS likeness,
            length(word) - length(typed) AS longer, length(typed) AS size
        FROM core_searchword WHERE (word %%> typed OR word %% typed) AND word <> typed
    ) AS near
    WHERE likeness >= %(likeness)s AND (
            left(word, 5) = left(typed, 5) AND size > 5 AND size + longer > 5
            OR longer >= 3 AND strpos(word, typed) > 0
            OR longer <= -3 AND size + longer >= 4 AND strpos(typed, word) > 0
        )
        OR CASE WHEN size >= 5 AND abs(longer) <= %(errors)s
            THEN levenshtein_less_equal(typed, word, %(errors)s) <= least(size / 4, %(errors)s) END
    ORDER BY likeness DESC, similarity(typed, word) DESC, word LIMIT %(number)s
) AS alike
ORDER BY likeness DESC NULLS FIRST, word, other
"""


@dataclass
class Word:
    """One word somebody typed, and what may stand for it in each of the three nets."""

    typed: str
    same: list[str] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)


class Question:
    """What somebody typed, understood: the ``words`` that count and the ``queries`` for PostgreSQL. Takes two queries."""

    def __init__(self, text: str):
        text = " ".join(text.replace("\0", " ").split())
        self.text_was_cut = len(text) > MAX_TEXT
        self.text = text[:MAX_TEXT]
        self.typed = words_of(self.text)[:MAX_WORDS]

    @property
    def term(self) -> str:
        """The words alone, as a promoted result is found by them."""
        return " ".join(self.typed)

    @cached_property
    def words(self) -> list[Word]:
        """The words that say something, with all that may stand for them; none when there are only stop words."""
        if not self.typed:
            return []
        phrases = [group.phrases for group in Synonym.objects.all()]
        splits = {word: list(_splits(word)) for word in self.typed}
        halves = {half for pairs in splits.values() for pair in pairs for half in pair}
        pairs = {a + b for a, b in pairwise(self.typed)}
        params = {
            "words": sorted({*self.typed, *halves}),
            "typed": sorted(word for word in {*self.typed, *pairs} if len(word) >= FUZZY_FROM),
            "likeness": LIKENESS,
            "number": LOOK_ALIKES_PER_WORD,
            "errors": TYPING_ERROR,
        }
        telling: set[str] = set()
        alike: dict[str, list[str]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(VOCABULARY, params)
            for word, other, _likeness in cursor.fetchall():
                if other is None:
                    telling.add(word)
                # A pair is only taken for one word with an error in it: else "mkb route" would be content with "route".
                elif word not in pairs or abs(len(other) - len(word)) <= TYPING_ERROR:
                    alike[word].append(other)
        found = []
        for place, typed in enumerate(self.typed):
            if typed not in telling:
                continue
            beside = [self.typed[place - 1 : place + 1], self.typed[place : place + 2]]
            joined = ["".join(pair) for pair in beside if len(pair) == 2]
            found.append(
                Word(
                    typed,
                    same=[typed, *joined, *(" ".join(pair) for pair in splits[typed] if telling.issuperset(pair))],
                    synonyms=list(self._synonyms_at(place, phrases)),
                    alike=[other for word in (typed, *joined) for other in alike[word]],
                )
            )
        return found

    def _synonyms_at(self, place: int, groups: list[list[list[str]]]) -> Iterator[str]:
        """The other terms of every group of which a term stands here; such a term may have several words."""
        for group in groups:
            for phrase in group:
                starts = range(max(0, place - len(phrase) + 1), place + 1)
                if any(self.typed[start : start + len(phrase)] == phrase for start in starts):
                    yield from (" ".join(other) for other in group if other != phrase)

    @property
    def queries(self) -> dict[str, str]:
        """What PostgreSQL is asked: the three nets, the words to rank names by, and the words to mark in a snippet."""
        words = self.words
        return {
            "same": _all_of(word.same for word in words),
            "synonyms": _all_of(word.same + word.synonyms for word in words),
            "widest": _all_of(word.same + word.synonyms + word.alike for word in words),
            "names": _any_of(phrase for word in words for phrase in (word.typed, *word.synonyms, *word.alike[:RANKED])),
            "marked": _any_of(phrase for word in words for phrase in word.same + word.synonyms + word.alike),
        }


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """A word as two words, in every place: "businesscase" is also "business case"."""
    if len(word) <= SPLIT_UP_TO:
        for place in range(SHORTEST, len(word) - SHORTEST + 1):
            yield word[:place], word[place:]


def _all_of(groups: Iterable[list[str]]) -> str:
    return " & ".join(_any_of(group) for group in groups)


def _any_of(phrases: Iterable[str]) -> str:
    """The phrases have only letters, digits and blanks (``words_of``), so nothing in them is an operator."""
    return "(" + " | ".join(f"'{phrase}'" for phrase in dict.fromkeys(phrases)) + ")"


# --- Results ---------------------------------------------------------------------------------------------------------

# One number orders everything: the net, then title and keywords, then the text. The net that holds an entry is known from
# the index alone; fetching the vectors of all hits would take most of the time, and so PostgreSQL must not scan the table
# instead. It would for a query that it sees to catch much; of a query out of another table it expects little.
RESULTS = """
WITH query AS MATERIALIZED (
    SELECT to_tsquery('nl', %(same)s) AS same, to_tsquery('nl', %(synonyms)s) AS synonyms,
        to_tsquery('nl', %(widest)s) AS widest, to_tsquery('nl', %(names)s) AS names, to_tsquery('nl', %(marked)s) AS marked
), same AS MATERIALIZED (
    SELECT id FROM core_searchentry
    WHERE document @@ (SELECT same FROM query) AND visibility = ANY (%(seen)s) LIMIT %(plenty)s
), synonyms AS MATERIALIZED (
    SELECT id FROM core_searchentry
    WHERE %(synonyms)s <> %(same)s AND document @@ (SELECT synonyms FROM query) AND visibility = ANY (%(seen)s)
    LIMIT %(plenty)s
), plenty AS MATERIALIZED (
    SELECT (SELECT count(*) FROM same) = %(plenty)s AS same, (SELECT count(*) FROM synonyms) = %(plenty)s AS synonyms
), hit AS MATERIALIZED (
    SELECT id, kind, themes,
        CASE
            WHEN (SELECT same FROM plenty) OR id IN (SELECT id FROM same) THEN 3
            WHEN (SELECT synonyms FROM plenty) OR id IN (SELECT id FROM synonyms) THEN 2
            ELSE 1 END AS net,
        (ts_rank(short, (SELECT names FROM query)) * 999999)::bigint AS rank
    FROM core_searchentry
    WHERE visibility = ANY (%(seen)s) AND document @@ (
        SELECT CASE WHEN plenty.same THEN query.same WHEN plenty.synonyms THEN query.synonyms ELSE widest END
        FROM query, plenty
    )
), scored AS (
    SELECT id, kind, net * 1000000000000 + rank * 1000000 + CASE
        WHEN (SELECT count(*) FROM hit) >= %(plenty)s THEN 0
        ELSE (
            SELECT ts_rank(document, query.names) * 999999 FROM core_searchentry AS entry, query WHERE entry.id = hit.id
        )::bigint END AS score
    FROM hit WHERE (%(kind)s = '' OR kind = %(kind)s) AND (%(theme)s = '' OR %(theme)s = ANY (themes))
), placed AS (
    SELECT id, score, row_number() OVER (PARTITION BY kind ORDER BY score DESC, id DESC) AS place
    FROM scored WHERE %(from_start)s OR (score, id) < (%(score)s, %(id)s)
), shown AS (
    SELECT entry.id, kind, title, address, score, CASE
        WHEN ts_filter(document, '{c}') @@ marked
        THEN ts_headline('nl', summary, marked, 'HighlightAll=true, ' || %(signs)s)
        WHEN ts_filter(document, '{d}') @@ marked
        THEN '… ' || ts_headline('nl', left(text, %(snippet_from)s), marked,
            'MaxFragments=2, MinWords=12, MaxWords=24, FragmentDelimiter=" … ", ' || %(signs)s) || ' …'
        ELSE summary END AS snippet
    FROM placed JOIN core_searchentry AS entry USING (id), query
    WHERE place <= %(number)s
)
SELECT (SELECT json_agg(row_to_json(shown) ORDER BY score DESC, id DESC) FROM shown),
    (SELECT json_agg(row_to_json(sums)) FROM (SELECT kind, themes, count(*) FROM hit GROUP BY kind, themes) AS sums),
    (SELECT max(net) FROM hit)
"""
START = (2**62, 2**62)
"""Before every place there is."""


@dataclass(frozen=True)
class Result:
    """One entry on the result page."""

    id: int
    kind: str
    title: str
    address: str
    score: int
    snippet: str

    @property
    def marked(self) -> SafeString:
        """The snippet as HTML, in which only our own marks are elements."""
        text = escape(self.snippet)
        return SafeString(text.replace(MARKS[0], "<mark>").replace(MARKS[1], "</mark>"))


class Search:
    """The results of a question for one user, optionally of one kind and one theme; one query.

    Of all kinds together it shows the first ``PER_KIND`` of each, of one kind ``PER_PAGE`` after a place.
    """

    def __init__(self, question: Question, user, kind: str = "", theme: str = "", after: tuple[int, int] = START):
        self.question, self.user, self.kind, self.theme = question, user, kind, theme
        self.results: list[Result] = []
        self.sums: list[dict] = []
        self.net = 0
        self.has_more = False
        if question.words:
            self._run(after)

    def _run(self, after: tuple[int, int]) -> None:
        number = PER_PAGE + 1 if self.kind else PER_KIND
        params = self.question.queries | {
            "seen": seen_by(self.user),
            "kind": self.kind,
            "theme": self.theme,
            "from_start": after == START,
            "score": after[0],
            "id": after[1],
            "number": number,
            "plenty": PLENTY,
            "snippet_from": SNIPPET_FROM,
            "signs": f"StartSel={MARKS[0]}, StopSel={MARKS[1]}",
        }
        with connection.cursor() as cursor:
            cursor.execute(RESULTS, params)
            rows, sums, net = cursor.fetchone()
        self.results = [Result(**row) for row in _loaded(rows)]
        self.sums = _loaded(sums)
        self.net = net or 0
        if self.kind and len(self.results) > PER_PAGE:
            self.results, self.has_more = self.results[:PER_PAGE], True

    def of_kind(self, name: str) -> list[Result]:
        """The results of one kind that are shown, the best first."""
        return [result for result in self.results if result.kind == name]

    @property
    def next_place(self) -> str:
        """Where the next page of this kind begins, for the address."""
        last = self.results[-1]
        return f"{last.score}-{last.id}"

    @cached_property
    def kinds(self) -> Counter:
        """How many results of the chosen theme each kind has."""
        sums = Counter()
        for row in self.sums:
            if not self.theme or self.theme in row["themes"]:
                sums[row["kind"]] += row["count"]
        return sums

    @cached_property
    def themes(self) -> Counter:
        """How many results of the chosen kind each theme has."""
        sums = Counter()
        for row in self.sums:
            if self.kind in ("", row["kind"]):
                sums.update(dict.fromkeys(row["themes"], row["count"]))
        return sums

    @property
    def total(self) -> int:
        """How many results there are of the chosen kind and theme."""
        return self.kinds[self.kind] if self.kind else self.kinds.total()

    @cached_property
    def did_you_mean(self) -> str:
        """What was perhaps meant, when nothing has the words as they were typed; it has results for this user."""
        if not self.question.words or self.net > ALIKE:
            return ""
        better = {}
        for word in self.question.words:
            if not SearchWord.objects.filter(word=word.typed).exists():
                near = (other for other in word.alike if abs(len(other) - len(word.typed)) <= TYPING_ERROR)
                better[word.typed] = next(near, "")
        visible = SearchEntry.objects.visible_to(self.user)
        seen = {word for word in better.values() if word and visible.filter(words__contains=[word]).exists()}
        if not better or not seen.issuperset(better.values()):
            return ""
        meant = " ".join(better.get(word, word) for word in self.question.typed)
        return meant if visible.filter(document=SearchQuery(meant, config=CONFIG)).exists() else ""


def _loaded(value) -> list:
    """What PostgreSQL returns for ``json_agg``: already parsed or not, and nothing at all for no rows."""
    return (json.loads(value) if isinstance(value, str) else value) or []


# --- Suggestions -----------------------------------------------------------------------------------------------------

SUGGESTIONS = 8
SUGGESTED_TITLES = 4


def suggestions(text: str, user) -> list[str]:
    """What somebody who typed this may want to search for: titles that begin so, then words that complete the last one.

    All of it is from entries that this user may see.
    """
    text = " ".join(text.replace("\0", " ").split())[:MAX_TEXT]
    typed = words_of(text)[:MAX_WORDS]
    if not typed or len(text) < 2:
        return []
    visible = SearchEntry.objects.visible_to(user)
    found = list(
        visible.filter(title__istartswith=text).order_by("title").values_list("title", flat=True)[:SUGGESTED_TITLES]
    )
    *before, last = typed
    seen = visible.filter(words__contains=[OuterRef("word")]).order_by()
    words = SearchWord.objects.filter(Exists(seen), word__startswith=last)
    completed = words.order_by(Length("word"), "word").values_list("word", flat=True)[:SUGGESTIONS]
    found += [" ".join([*before, word]) for word in completed]
    return list({suggestion.lower(): suggestion for suggestion in reversed(found)}.values())[: -SUGGESTIONS - 1 : -1]


# --- Keeping the entries ---------------------------------------------------------------------------------------------


@transaction.atomic
def rebuild(others: Iterable[SearchEntry] = ()) -> int:
    """Write all entries anew: of everything that is live, and these ``others``. Returns how many there are.

    Readers see the old entries until it is done. Running it twice changes nothing.
    """
    entries = [*(SearchEntry.of(target) for target in _live_targets()), *others]
    SearchEntry.objects.exclude(key__in=[entry.key for entry in entries]).delete()
    SearchEntry.objects.put(entries)
    words = {word for entry in entries for word in entry.words}
    SearchWord.objects.exclude(word__in=words).delete()
    return len(entries)


def _live_targets() -> Iterator[Searchable]:
    for model in apps.get_models():
        if issubclass(model, Searchable):
            yield from model.findable().order_by("pk").iterator(chunk_size=100)
