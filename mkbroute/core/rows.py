"""Child rows in the query of their parents.

A pilot has nine tables of child rows. Django's ``prefetch_related`` spends a query on each; here PostgreSQL returns them
with the parent as JSON, and they are put where the model looks for them. Templates read ``pilot.programmes.all`` as ever,
and the same template serves a preview, where the rows come from the form.
"""

from collections.abc import Callable
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models.expressions import Expression, RawSQL
from django.db.models.functions import JSONObject


class RowsQuerySet(models.QuerySet):
    """A queryset that can fetch child rows in its own query; for models based on ``ClusterableModel``."""

    _rows: tuple[str, ...] = ()

    def with_rows(self, *relations: str):
        """Fetch these relations with the objects, one query for all.

        Each is the name of a reverse ParentalKey or a ParentalManyToManyField, optionally with the foreign keys to follow
        in every row: ``"programmes"``, ``"partnerships__organisation"``. Of objects with a life of their own, followed or
        many to many, come the columns that their model names in ``columns_in_rows``, or all but long text (rich text,
        StreamField); the rest is loaded when asked for. The rows keep the order of their model's Meta.
        """
        queryset = self._chain()
        queryset._rows = self._rows + relations
        return queryset.annotate(_rows=_rows_of(self.model, queryset._rows))

    def _clone(self):
        clone = super()._clone()
        clone._rows = self._rows
        return clone

    def _fetch_all(self):
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._rows and issubclass(self._iterable_class, models.query.ModelIterable):
            followed: dict[tuple, models.Model] = {}
            for instance in self._result_cache:
                rows = instance.__dict__.pop("_rows")
                for relation in self._rows:
                    _place(instance, relation, rows[relation], followed)


def written_once(model: type[models.Model], **parts: Expression) -> RawSQL:
    """An annotation for queries of a model: these expressions as one JSON object, in SQL that Django has written already.

    For subqueries that are the same in every query: to have Django write them costs more time than PostgreSQL needs to
    answer them. Only for the model that a query is about; not for a query inside another.
    """
    query = model._base_manager.annotate(_parts=JSONObject(**parts)).query
    sql, params = query.get_compiler(connection=connection).compile(query.annotations["_parts"])
    return RawSQL(sql, params, output_field=models.JSONField())  # noqa: S611 -- Django wrote it


@cache
def _rows_of(model: type[models.Model], relations: tuple[str, ...]) -> RawSQL:
    return written_once(model, **{relation: _rows_in(model, relation) for relation in relations})


def _rows_in(model: type[models.Model], relation: str) -> ArraySubquery:
    name, *follow = relation.split("__")
    field = model._meta.get_field(name)
    parent = field.related_query_name() if field.many_to_many else field.field.name
    child = field.related_model
    own = _followed_columns(child) if field.many_to_many else [f.attname for f in child._meta.concrete_fields]
    columns = {attname: attname for attname in own}
    for key in follow:
        target = child._meta.get_field(key).related_model
        columns[key] = JSONObject(**{attname: f"{key}__{attname}" for attname in _followed_columns(target)})
    rows = child._default_manager.filter(**{parent: models.OuterRef("pk")}).order_by(*child._meta.ordering)
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def _followed_columns(model: type[models.Model]) -> list[str]:
    """What comes along of an object that a row points at: ``columns_in_rows`` of its model, else all but long text."""
    chosen = getattr(model, "columns_in_rows", None)
    long = models.TextField | models.JSONField
    return ["id", *chosen] if chosen else [f.attname for f in model._meta.concrete_fields if not isinstance(f, long)]


def _place(instance: models.Model, relation: str, rows: list[dict], followed: dict[tuple, models.Model]) -> None:
    """Put the rows of a relation where the model looks for them. ``followed`` holds the objects that rows share."""
    name, *follow = relation.split("__")
    field = instance._meta.get_field(name)
    objects = []
    for row in rows:
        child = _build(field.related_model, row)
        for key in follow:
            foreign_key = field.related_model._meta.get_field(key)
            target, pk = foreign_key.related_model, row[foreign_key.attname]
            if pk is not None:
                if (target, pk) not in followed:
                    followed[target, pk] = _build(target, row[key])
                setattr(child, key, followed[target, pk])
        if not field.many_to_many:
            setattr(child, field.field.name, instance)
        objects.append(child)
    if "_cluster_related_objects" not in instance.__dict__:
        instance._cluster_related_objects = {}
    instance._cluster_related_objects[name] = objects


def _build(model: type[models.Model], row: dict) -> models.Model:
    """An object of what its row has; its other fields are loaded when asked for."""
    columns = {name: to_python for name, to_python in _columns(model).items() if name in row}
    values = [to_python(row[name]) if to_python else row[name] for name, to_python in columns.items()]
    return model.from_db("default", columns, values)


@cache
def _columns(model: type[models.Model]) -> dict[str, Callable | None]:
    """The columns of a model in order, each with what makes a value of the text that JSON has for it, such as a date."""
    same = models.CharField | models.IntegerField | models.BooleanField | models.FloatField | models.ForeignKey
    return {f.attname: None if isinstance(f, same) else f.to_python for f in model._meta.concrete_fields}
