"""The weekly list of broken links: what leads nowhere, on which page, since when."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from mkbroute.core.addresses import Addresses, is_internal
from mkbroute.core.models import Source
from mkbroute.core.proofreading import Proofread
from mkbroute.core.reading import Link, read
from mkbroute.fetching import Answer, fetch
from mkbroute.models import BrokenLink

HOSTS_AT_ONCE = 8
PAUSE = 1
"""Seconds between two questions to one host: we are a guest there."""
PATIENCE = 120
"""Seconds for all of it, for other jobs wait meanwhile. Who is not asked this week is asked another week."""


@dataclass(frozen=True)
class Found:
    """A link on something that visitors see."""

    subject: models.Model
    link: Link

    @property
    def key(self) -> tuple[int, str, str]:
        """What makes it the same link next week: the page and the address."""
        return ContentType.objects.get_for_model(self.subject).pk, str(self.subject.pk), self.address

    @property
    def address(self) -> str:
        if self.link.chosen:
            model, key = self.link.chosen
            return f"{model._meta.verbose_name} {key}"
        return self.link.address


def links_of_site() -> Iterator[Found]:
    """Every link on a live page, and the address of every source."""
    pages = (model._base_manager.filter(live=True) for model in apps.get_models() if issubclass(model, Proofread))
    for rows in [*pages, Source.objects.all()]:
        for subject in rows:
            yield from (Found(subject, piece) for piece in read(subject) if isinstance(piece, Link))


def check_links() -> str:
    """Bring the list of broken links up to date. Returns in a sentence what was found.

    A link that works again, or is no longer there, leaves the list. One that could not be checked stays as it was.
    """
    addresses = Addresses()
    found = list({one.key: one for one in links_of_site() if one.address}.values())
    outside = {_bare(one.address) for one in found if _is_outside(one.link)}
    answers = ask_all(outside) if settings.CHECK_LINKS else {}
    if not any(answer.reached for answer in answers.values()):
        answers = {}  # nobody answers: that is our own network
    verdicts = {}
    for one in found:
        if _is_outside(one.link):
            verdicts[one.key] = answers.get(_bare(one.address))
        else:
            problem = addresses.problem(one.link)
            verdicts[one.key] = Answer(reason=problem) if problem else Answer(200)
    broken = _store(found, verdicts)
    unchecked = f" {len(outside - answers.keys())} niet gecontroleerd." if outside - answers.keys() else ""
    return f"{len(found)} links, {broken} kapot.{unchecked}"


def _is_outside(link: Link) -> bool:
    return not link.chosen and link.address.startswith(("http://", "https://")) and not is_internal(link.address)


def _bare(address: str) -> str:
    return urldefrag(address).url


@transaction.atomic
def _store(found: list[Found], verdicts: dict[tuple, Answer | None]) -> int:
    """Write the list anew, keeping since when and what is ignored; returns how many links are broken."""
    listed = {(row.content_type_id, row.object_id, row.address): row for row in BrokenLink.objects.select_for_update()}
    now = timezone.now()
    for one in found:
        answer = verdicts[one.key]
        if answer is None:
            listed.pop(one.key, None)  # not checked: it stays as it was
        elif answer.is_broken:
            row = listed.pop(one.key, None) or BrokenLink(
                content_type_id=one.key[0], object_id=one.key[1], address=one.address, broken_since=now
            )
            row.title, row.place, row.label = str(one.subject)[:200], one.link.place[:250], one.link.label[:250]
            row.status, row.reason, row.checked_at = answer.status, answer.reason, now
            row.save()
    BrokenLink.objects.filter(pk__in=[row.pk for row in listed.values()]).delete()
    return BrokenLink.objects.count()


def ask_all(addresses: Iterable[str], ask: Callable[[str], Answer] = fetch) -> dict[str, Answer]:
    """Ask for all addresses, some hosts at once but each host one question at a time. Who came too late is left out."""
    per_host = defaultdict(list)
    for address in addresses:
        per_host[urlsplit(address).hostname].append(address)
    hosts = list(per_host.values())
    random.shuffle(hosts)  # so that nobody is always last
    deadline = time.monotonic() + PATIENCE
    answers: dict[str, Answer] = {}

    def ask_host(host: list[str]) -> dict[str, Answer]:
        given = {}
        for number, address in enumerate(host):
            if time.monotonic() > deadline:
                break
            if number:
                time.sleep(PAUSE)
            given[address] = ask(address)
        return given

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for done in as_completed([pool.submit(ask_host, host) for host in hosts]):
            answers |= done.result()
    return answers
