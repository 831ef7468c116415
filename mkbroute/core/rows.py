"""Child rows in the query of their parents.

A pilot has nine tables of child rows. Django's ``prefetch_related`` spends a query on each; here PostgreSQL returns them
with the parent as JSON, and they are put where the model looks for them. Templates read ``pilot.programmes.all`` as ever,
and the same template serves a preview, where the rows come from the form.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject


class RowsQuerySet(models.QuerySet):
    """A queryset that can fetch child rows in its own query; for models based on ``ClusterableModel``."""

    _rows: tuple[str, ...] = ()

    def with_rows(self, *relations: str):
        """Fetch these relations with the objects, one query for all.

        Each is the name of a reverse ParentalKey or a ParentalManyToManyField, optionally with the foreign keys to follow
        in every row: ``"programmes"``, ``"partnerships__organisation"``. Long text of the followed objects (rich text,
        StreamField) stays behind and is loaded when asked for. The rows keep the order of their model's Meta.
        """
        queryset = self.annotate(**{f"_rows_{relation}": _rows_of(self.model, relation) for relation in relations})
        queryset._rows = self._rows + relations
        return queryset

    def _clone(self):
        clone = super()._clone()
        clone._rows = self._rows
        return clone

    def _fetch_all(self):
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._rows and issubclass(self._iterable_class, models.query.ModelIterable):
            for instance in self._result_cache:
                for relation in self._rows:
                    _place(instance, relation)


def _rows_of(model: type[models.Model], relation: str) -> ArraySubquery:
    name, *follow = relation.split("__")
    field = model._meta.get_field(name)
    parent = field.related_query_name() if field.many_to_many else field.field.name
    child = field.related_model
    columns = {f.attname: f.attname for f in child._meta.concrete_fields}
    for key in follow:
        target = child._meta.get_field(key).related_model
        columns[key] = JSONObject(**{f.attname: f"{key}__{f.attname}" for f in _short_fields(target)})
    rows = child._default_manager.filter(**{parent: models.OuterRef("pk")}).order_by(*child._meta.ordering)
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def _short_fields(model: type[models.Model]) -> list[models.Field]:
    return [
        field for field in model._meta.concrete_fields if not isinstance(field, models.TextField | models.JSONField)
    ]


def _place(instance: models.Model, relation: str) -> None:
    name, *follow = relation.split("__")
    field = instance._meta.get_field(name)
    objects = []
    for row in instance.__dict__.pop(f"_rows_{relation}"):
        child = _build(field.related_model, field.related_model._meta.concrete_fields, row)
        for key in follow:
            foreign_key = field.related_model._meta.get_field(key)
            if row[foreign_key.attname] is not None:
                target = foreign_key.related_model
                setattr(child, key, _build(target, _short_fields(target), row[key]))
        if not field.many_to_many:
            setattr(child, field.field.name, instance)
        objects.append(child)
    if "_cluster_related_objects" not in instance.__dict__:
        instance._cluster_related_objects = {}
    instance._cluster_related_objects[name] = objects


def _build(model: type[models.Model], fields: list[models.Field], row: dict) -> models.Model:
    return model.from_db(
        "default",
        [f.attname for f in fields],
        [f.to_python(row[f.attname]) for f in fields],
    )
