"""Thousands of rows as instances, past what Django does for each one it makes."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)


def rows_of(queryset: QuerySet[Row]) -> list[Row]:
    """As `list(queryset)`, at a third of the cost where `only` leaves columns out: past `__init__`, its signals and
    `from_db`. No joins, no annotations; what was left out is fetched when it is asked for, as ever. Rows that hold the
    same JSON share it, so it is not to be changed in place."""
    plain = queryset.all()
    plain._iterable_class = _PastInit
    return list(plain)


class _PastInit(ModelIterable):  # type: ignore[type-arg]  # none at run time
    def __iter__(self) -> Iterator[Any]:
        queryset = self.queryset
        compiler = queryset.query.get_compiler(using=queryset.db)
        found = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        select, made_of = compiler.select, compiler.klass_info
        if made_of.get("related_klass_infos") or compiler.annotation_col_map:
            raise ValueError("no joins, no annotations")
        model, alias = made_of["model"], queryset.db
        columns = [column[0] for column in select]
        names = [column.target.attname for column in columns]
        readers = [
            (place, _reader(how, compiler.connection))
            for place, how in compiler.get_converters(columns).items()
        ]
        for values in chain.from_iterable(found or ()):
            row = model.__new__(model)
            state = ModelState()
            state.adding, state.db = False, alias
            held = row.__dict__
            held.update(zip(names, values, strict=True), _state=state)
            for place, read in readers:
                held[names[place]] = read(values[place])
            yield row


def _reader(how: Any, connection: Any) -> Callable[[Any], Any]:
    """What Django makes of a value as the database gives it, once for all that are the same."""
    converters, column = how

    @cache
    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return value

    return read


def new_of(model: type[Row], **values: Any) -> Row:
    """A new instance with these columns, the others as by default, codes as plain texts; past `__init__` too."""
    row = model.__new__(model)
    row.__dict__.update(_defaults(model), _state=ModelState(), **values)
    return row


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    if any(field.has_default() and callable(field.default) for field in fields):
        raise ValueError("a default that is made anew for each row")
    defaults = {field.attname: field.get_default() for field in fields}
    return {name: str(value) if isinstance(value, str) else value for name, value in defaults.items()}
