"""The weekly list of broken links: what leads nowhere, on which page, since when."""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.documents import get_document_model

from mkbroute.core.addresses import Addresses, is_internal
from mkbroute.core.models import Source
from mkbroute.core.proofreading import Proofread
from mkbroute.core.reading import Link, read
from mkbroute.fetching import Answer, fetch
from mkbroute.models import BrokenLink

logger = logging.getLogger(__name__)

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
        """What makes it the same link next week: the page and a fingerprint of where it leads."""
        model, key = self.link.chosen or (None, None)
        target = f"{model._meta.label} {key}" if model else self.link.address
        fingerprint = sha256(target.encode()).hexdigest()
        return ContentType.objects.get_for_model(self.subject).pk, str(self.subject.pk), fingerprint

    @property
    def leads_to(self) -> str:
        """The address, or the title of what was chosen."""
        if not self.link.chosen:
            return self.link.address
        model, key = self.link.chosen
        chosen = model._base_manager.filter(pk=key).first()
        if chosen is None:
            return "een verwijderd document" if model is get_document_model() else "een verwijderde pagina"
        return str(chosen)


def links_of_site() -> Iterator[Found]:
    """Every link on a live page, and the address of every source."""
    pages = (model._base_manager.filter(live=True) for model in apps.get_models() if issubclass(model, Proofread))
    for rows in [*pages, Source.objects.all()]:
        for subject in rows:
            yield from (Found(subject, piece) for piece in read(subject) if isinstance(piece, Link))


def check_links() -> str:
    """Bring the list of broken links up to date. Returns in a sentence what was found.

    A link that works again, or is no longer there, leaves the list. One that could not be checked stays as it was, and
    one that somebody ignores stays as long as it is there.
    """
    addresses = Addresses()
    found = list({one.key: one for one in links_of_site() if one.link.chosen or one.link.address}.values())
    outside = {_bare(one.link.address) for one in found if _is_outside(one.link)}
    answers = ask_all(outside) if settings.CHECK_LINKS else {}
    if not any(answer.is_reached for answer in answers.values()):
        answers = {}  # nobody answers: that is our own network
    verdicts = {}
    for one in found:
        if _is_outside(one.link):
            verdicts[one.key] = answers.get(_bare(one.link.address))
        else:
            problem = addresses.problem(one.link)
            verdicts[one.key] = Answer(reason=problem) if problem else Answer(200)
    broken = _store(found, verdicts)
    unchecked = f" {len(outside - answers.keys())} niet gecontroleerd." if outside - answers.keys() else ""
    return f"{len(found)} {'link' if len(found) == 1 else 'links'}, {broken} kapot.{unchecked}"


def _is_outside(link: Link) -> bool:
    return not link.chosen and link.address.startswith(("http://", "https://")) and not is_internal(link.address)


def _bare(address: str) -> str:
    return address.partition("#")[0]


@transaction.atomic
def _store(found: list[Found], verdicts: dict[tuple, Answer | None]) -> int:
    """Write the list anew, keeping since when and what is ignored; returns how many broken links nobody ignores."""
    rows = BrokenLink.objects.select_for_update()
    listed = {(row.content_type_id, row.object_id, row.fingerprint): row for row in rows}
    now = timezone.now()
    for one in found:
        answer, row = verdicts[one.key], listed.get(one.key)
        if answer and not answer.is_broken and not (row and row.is_ignored):
            continue  # it works: what is still in ``listed`` at the end leaves the list
        listed.pop(one.key, None)
        if answer is None:
            continue  # not checked: it stays as it was
        content_type, pk, fingerprint = one.key
        row = row or BrokenLink(content_type_id=content_type, object_id=pk, fingerprint=fingerprint, broken_since=now)
        row.title, row.place, row.label = str(one.subject)[:200], one.link.place[:250], one.link.label[:250]
        row.address, row.status, row.reason, row.checked_at = one.leads_to, answer.status, answer.reason, now
        row.save()
    BrokenLink.objects.filter(pk__in=[row.pk for row in listed.values()]).delete()
    return BrokenLink.objects.filter(is_ignored=False).count()


def ask_all(addresses: Iterable[str], ask: Callable[[str], Answer | None] = fetch) -> dict[str, Answer]:
    """Ask for all addresses, some hosts at once but each host one question at a time.

    It ends within ``PATIENCE``: who has not answered by then is left out, and so is who gave no answer.
    """
    per_host = defaultdict(list)
    for address in addresses:
        per_host[_host(address)].append(address)
    hosts = list(per_host.values())
    random.shuffle(hosts)  # so that nobody is always last
    deadline = time.monotonic() + PATIENCE
    answers: dict[str, Answer] = {}

    def ask_host(host: list[str]) -> None:
        for number, address in enumerate(host):
            if number:
                time.sleep(PAUSE)
            if time.monotonic() > deadline:
                break
            if answer := ask(address):
                answers[address] = answer

    pool = ThreadPoolExecutor(HOSTS_AT_ONCE)
    asked = [pool.submit(ask_host, host) for host in hosts]
    done, _ = wait(asked, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    for future in done:
        if error := future.exception():
            logger.error("A host could not be asked", exc_info=error)
    return answers.copy()  # who comes too late still writes in ours


def _host(address: str) -> str | None:
    """The host in an address; None when the address makes no sense."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
