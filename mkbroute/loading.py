"""Puts the content files in the database, once, and never over an editor's work.

The keys of a content file are the names of the fields of a model. A value that points at another item (a
source, a sector, an organisation) is the key of that item. Rows that belong to an object, such as the
programmes of a pilot, stand in a list below it. Running text is a list of blocks, see ``stream_data``.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import IntegrityError, connection, models, transaction
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from mkbroute.content_files import Mapping, fingerprint, parent_path, read, read_pages
from mkbroute.core.models import Province, Sector, Source, StandardText, Synonym, TargetGroup, Theme
from mkbroute.models import ContentPage, HomePage, LoadedItem
from mkbroute.permissions import ensure_groups
from mkbroute.search import rebuild_search
from mkbroute.stream_data import stream_data
from network.models import Organisation, Person
from pilots.models import Pilot
from research.models import NewsItem, PolicyFile, Practice, Publication, Question, Term

CONTENT = Path(__file__).parent / "content"

VOCABULARY = {"provinces": Province, "sectors": Sector, "target_groups": TargetGroup, "themes": Theme}
FILES = {
    "sources.yaml": Source,
    "synonyms.yaml": Synonym,
    "standard_texts.yaml": StandardText,
    "organisations.yaml": Organisation,
    "people.yaml": Person,
    "pilots.yaml": Pilot,
    "terms.yaml": Term,
    "questions.yaml": Question,
    "practices.yaml": Practice,
    "publications.yaml": Publication,
    "policy.yaml": PolicyFile,
    "news.yaml": NewsItem,
}


@dataclass
class Report:
    """What a load did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)


class LeftAlone(Exception):
    """An item whose file changed but which belongs to the editors by now; says why."""


@transaction.atomic
def load_content(directory: Path = CONTENT) -> Report:
    """Load the content files, set up the Wagtail site and give the groups of the admin their rights.

    An item that is new in the files is created and published. An item that changed in the files is updated,
    unless an editor changed or deleted what it became. Nothing is ever deleted: taking something off the site
    is an editor's act. Raises ContentError, with the database as it was, when a file is not right.
    """
    # A second load at the same time waits here, and then finds all done.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(b"load_content")])
    loader = Loader()
    with disable_reference_index_auto_update():  # it works per row; the loader does so per item
        loader.load_all(directory)
    set_up_site()
    ensure_groups()
    rebuild_search()
    return loader.report


def set_up_site() -> None:
    """Let Wagtail know the public address of settings.SITE_URL; the home page is its root."""
    home = HomePage.objects.first()
    site = Site.objects.filter(is_default_site=True).first()
    if site is None and home is None:
        return
    site = site or Site(root_page=home, is_default_site=True, site_name=settings.WAGTAIL_SITE_NAME)
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    if (site.hostname, site.port) != (address.hostname, port) or not site.pk:
        site.hostname, site.port = address.hostname, port
        site.save()


class Loader:
    """One run of the content files."""

    def __init__(self):
        self.report = Report()
        self.loaded = {item.key: item for item in LoadedItem.objects.all()}
        self.found: dict[tuple[type[models.Model], str], models.Model | None] = {}

    def load_all(self, directory: Path) -> None:
        """Load every item, in an order in which all that is pointed at comes first."""
        vocabulary = read(directory / "vocabulary.yaml")
        for name, words in _items(vocabulary):
            if name not in VOCABULARY:
                raise vocabulary.error(f"onbekende lijst '{name}'.", name)
            for position, (key, item) in enumerate(_items(words), start=1):
                self.load(VOCABULARY[name], key, item, slug=key, sort_order=position)
        for name, model in FILES.items():
            for key, item in _items(read(directory / name)):
                self.load(model, key, item, **({} if model in (Source, Synonym, StandardText) else {"slug": key}))
        for path, page in read_pages(directory / "pages").items():
            page.pop("order", None)  # editors order the pages once they are there
            name = path.rpartition("/")[2] if path != "index" else "home"
            model = HomePage if path == "index" else ContentPage
            self.load(model, path, page, slug=name)

    def load(self, model: type[models.Model], key: str, item: Mapping, **defaults) -> None:
        """Create or update what the item describes, unless that is done already or no longer ours to do."""
        for name, value in defaults.items():
            item.setdefault(name, value)
        known = self.loaded.get(_name(model, key))
        mark = fingerprint(item)
        if known and known.fingerprint == mark:
            self.report.unchanged += 1
            return
        try:
            with _explained(item):
                instance = self._update(model, known, item) if known else self._create(model, key, item)
        except LeftAlone as reason:
            self.report.left_alone.append(f"{item.file}, regel {item.line}: {key} {reason}")
            if not known:
                self.found[model, key] = None
            return
        self.found[model, key] = stored = model._base_manager.get(pk=instance.pk)
        ReferenceIndex.create_or_update_for_object(stored)
        record = known or LoadedItem(key=_name(model, key))
        record.fingerprint, record.object_id, record.state = mark, stored.pk, _state(stored)
        record.save()
        if known:
            self.report.updated += 1
        else:
            self.report.created += 1

    # -- one object

    def _create(self, model: type[models.Model], key: str, item: Mapping) -> models.Model:
        instance = self._build(model, item)
        if isinstance(instance, DraftStateMixin):
            instance.live = False  # until its first version is published
        if isinstance(instance, Page):
            self._parent_of(key, item).add_child(instance=instance)
        else:
            instance.full_clean()
            instance.save()
        if isinstance(instance, DraftStateMixin):
            instance.save_revision(clean=False).publish()
        return instance

    def _update(self, model: type[models.Model], known: LoadedItem, item: Mapping) -> models.Model:
        stored = model._base_manager.filter(pk=known.object_id).first()
        if stored is None:
            raise LeftAlone("is verwijderd door een redacteur.")
        if _state(stored) != known.state:
            raise LeftAlone("is gewijzigd door een redacteur.")
        instance = self._build(model, item)
        if isinstance(stored, DraftStateMixin):
            kept = {"pk": stored.pk, "live_revision": stored.live_revision_id}
            instance = stored.with_content_json(instance.serializable_data() | kept)
            instance.save_revision().publish()
        else:
            instance.pk, instance._state.adding = stored.pk, False
            instance.full_clean()
            instance.save()
        return instance

    def _parent_of(self, path: str, item: Mapping) -> Page:
        above = parent_path(path)
        if above:
            return self._find(HomePage if above == "index" else ContentPage, above, item)
        # Wagtail's migrations bring a page "Welcome to your new Wagtail site" and a site with it as its root.
        Page.objects.filter(depth=2).exact_type(Page).delete()
        return Page.get_first_root_node()

    def _build(self, model: type[models.Model], item: Mapping, **defaults) -> models.Model:
        """An object as the item describes it, not saved yet; its rows and tags are in its cluster."""
        instance = model(**defaults)
        for name, value in item.items():
            setattr(instance, name, self._value(_field(model, name, item), value, item))
        return instance

    def _value(self, target: models.Field, value, item: Mapping):
        if isinstance(target, StreamField):
            return stream_data(target.stream_block, value, item, self._find)
        if target.one_to_many:
            rows = _list(value, item, target.name, of=Mapping)
            return [self._row(target, row, position) for position, row in enumerate(rows)]
        if target.many_to_many:
            keys = _list(value, item, target.name, of=str)
            return [self._find(target.related_model, key, item, target.name) for key in keys]
        if isinstance(target, ArrayField):
            return _list(value, item, target.name, of=str)
        if isinstance(value, list | dict):
            raise item.error(f"bij '{target.name}' hoort een enkele waarde.", target.name)
        if target.many_to_one and value is not None:
            return self._find(target.related_model, value, item, target.name)
        return value

    def _row(self, relation: models.ManyToOneRel, item: Mapping, position: int) -> models.Model:
        row = self._build(relation.related_model, item, sort_order=position)
        with _explained(item):
            row.full_clean(exclude=[relation.field.name])
        return row

    def _find(self, model: type[models.Model], key: str, item: Mapping, name: str | None = None) -> models.Model:
        """The object that the item with this key became.

        Raises ContentError when no content file has it, LeftAlone when an editor deleted it.
        """
        if (model, key) not in self.found:
            known = self.loaded.get(_name(model, key))
            if known is None:
                raise item.error(f"'{key}' is geen bekende {model._meta.verbose_name}.", name)
            self.found[model, key] = model._base_manager.filter(pk=known.object_id).first()
        found = self.found[model, key]
        if found is None:
            raise LeftAlone(f"gebruikt '{key}', en dat is verwijderd door een redacteur.")
        return found


def _items(mapping: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The entries of the mapping, each of which is a mapping itself."""
    for key, item in mapping.items():
        if not isinstance(item, Mapping):
            raise mapping.error(f"bij '{key}' horen namen met inhoud, zoals 'title: ...'.", key)
        yield key, item


def _name(model: type[models.Model], key: str) -> str:
    return f"{model._meta.model_name}: {key}"


def _field(model: type[models.Model], name: str, item: Mapping) -> models.Field:
    """The field an item may fill: one that editors fill in, or the rows that belong to the object."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        found = None
    if isinstance(found, models.ManyToOneRel):
        allowed = isinstance(found.field, ParentalKey)
    else:
        allowed = found and not found.auto_created and found.editable
    if not allowed:
        raise item.error(f"onbekend veld '{name}' bij een {model._meta.verbose_name}.", name)
    return found


def _list(value, item: Mapping, name: str, of: type) -> list:
    if not isinstance(value, list) or not all(isinstance(part, of) for part in value):
        raise item.error(f"bij '{name}' hoort een lijst van {'rijen' if of is Mapping else 'namen'}.", name)
    return value


def _state(instance: models.Model) -> str:
    """What tells whether an editor touched the object: its version and its standing, or all its values."""
    if isinstance(instance, DraftStateMixin):
        return f"version {instance.latest_revision_id}, live {instance.live}, locked {instance.locked}"
    columns = instance._meta.concrete_fields
    return fingerprint({column.attname: column.value_to_string(instance) for column in columns})


@contextmanager
def _explained(item: Mapping) -> Iterator[None]:
    """Turn what a model or the database refuses into an error with the line in the file."""
    try:
        yield
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        label = "" if name == NON_FIELD_ERRORS else f"{name}: "
        raise item.error(label + " ".join(messages), name) from error
    except IntegrityError as error:
        refusal = error.__cause__.diag
        messages = [
            str(constraint.violation_error_message)
            for model in apps.get_models()
            for constraint in model._meta.constraints
            if constraint.name == refusal.constraint_name
        ]
        raise item.error(" ".join([*messages, refusal.message_detail or ""])) from error
