"""What somebody with the database's password, and without the ledger's key, could do to the history."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from accounts.models import User
from complaints.clock import calendars
from complaints.database import append_only
from complaints.database.triggers import (
    install_entry_guards,
    install_guards,
    install_tree_guards,
    remove_entry_guards,
    remove_guards,
    remove_tree_guards,
)
from complaints.history.rows import OWN_ROWS, SETTINGS, TABLES, Table
from complaints.history.untold import ROW_LESS, ROW_MORE, is_untold
from complaints.ledger.merkle import Growing
from complaints.ledger.verify import verify_ledger
from complaints.ledger.verifying.chain import Reader
from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.further import check_entries_further
from complaints.ledger.verifying.own_rows import check_own_rows
from complaints.ledger.verifying.stored_files import check_files
from complaints.ledger.verifying.tree_heads import check_tree
from complaints.models import Complaint, Event, EventContent, Head, Leaf
from complaints.models.event import event_hash
from tests.shared import NOON


def sql(statement: str, *values: Any) -> None:
    """Runs it with the guards away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        remove_guards(connection)
        remove_tree_guards(connection)
        remove_entry_guards(connection)
        append_only.remove(connection)
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    install_guards(connection)
    install_tree_guards(connection)
    install_entry_guards(connection)
    append_only.install(connection)


def delete(event: Event) -> None:
    sql("DELETE FROM complaints_eventcontent WHERE event_id = %s", event.pk)
    sql("DELETE FROM complaints_event WHERE id = %s", event.pk)


def forget(case: Complaint) -> None:
    """The case, whose events are gone already, with all that hangs on it."""
    for table in ("clock", "pause", "message"):
        sql(f"DELETE FROM complaints_{table} WHERE complaint_id = %s", case.pk)
    sql("DELETE FROM complaints_complaint WHERE id = %s", case.pk)


def rechain(case: Complaint) -> None:
    """Makes the chain of a case fit what its rows say now, and the case's row with it."""
    last = ""
    events = list(Event.objects.filter(complaint=case).order_by("seq"))
    for event in events:
        event.prev_hash = last
        last = event_hash(event, case.number)
        sql(
            "UPDATE complaints_event SET prev_hash = %s, hash = %s WHERE id = %s",
            event.prev_hash,
            last,
            event.pk,
        )
    sql(
        "UPDATE complaints_complaint SET version = %s, last_event_hash = %s WHERE id = %s",
        len(events), last, case.pk,
    )  # fmt: skip


def retell_leaves() -> None:
    """Makes the leaves say what the events say now, and the heads' rows what the leaves do."""
    for leaf in Leaf.objects.select_related("event").order_by("index"):
        sql('UPDATE complaints_leaf SET hash = %s WHERE "index" = %s', leaf.event.hash, leaf.index)
    hashes = [bytes.fromhex(found) for found in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    for head in Head.objects.all():
        tree = Growing()
        tree.extend(hashes[: head.size])
        sql("UPDATE complaints_head SET root = %s WHERE size = %s", tree.root(), head.size)


def put_back(size: int) -> None:
    """The database as it was when the head of `size` leaves had just been signed."""
    late = Leaf.objects.filter(index__gte=size)
    events = list(Event.objects.filter(pk__in=late.values("event")).order_by("-pk"))
    for event in events:
        delete(event)
    kept = Leaf.objects.filter(index__lt=size, event=None).count()
    sql("DELETE FROM complaints_ledgerentry WHERE seq > %s", kept)
    sql('DELETE FROM complaints_leaf WHERE "index" >= %s', size)
    sql("DELETE FROM complaints_head WHERE size > %s", size)
    for case in Complaint.objects.filter(pk__in={event.complaint_id for event in events}):
        if case.events.exists():
            rechain(case)
        else:
            forget(case)


class Attempt(NamedTuple):
    """One thing that was changed, in one table, and whether `verify_ledger` noticed."""

    model: type[models.Model]
    what: str  # a column, or "+" for a row more, "-" for one less
    why: str  # what verify_ledger said; empty when it noticed nothing

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.what}"


# Django's own, which nothing asks: what somebody may do follows from their role (accounts/models.py, has_perm).
NEVER_READ = (User.groups.through, User.user_permissions.through)
APPS = ("accounts", "complaints", "escalation", "reports", "surveys")
ROWS_TRIED = 1  # of each table, and its first
OF_A_CASE = 2  # a column may matter in one state of a case only
REFUSED = "refused by the database"
NOTHING_ELSE = "there is no other value"


def tables() -> list[type[models.Model]]:
    """Those that tie rows to rows too, which Django makes by itself."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label in APPS and model not in NEVER_READ]


def columns_of(model: type[models.Model]) -> list[Any]:
    """All but keys that the database makes up, which say nothing."""
    own = [found for found in model._meta.concrete_fields if not found.generated]
    return [found for found in own if not isinstance(found, models.AutoField)]


Said = dict[str, str]  # of each column, what came of changing it; empty when it was done and nobody noticed


def try_table(model: type[models.Model], together: Said) -> list[Attempt]:
    """Changes each column of some rows to another plausible value, adds a row and takes one away; each by SQL, with the
    guards gone, and each undone before the next. `together`: what `try_what_nobody_notices` has tried already."""
    pks = _recorded(model)
    assert pks, f"nothing can be tried: the city has no {model._meta.label}"
    attempts = [
        Attempt(model, found.attname, together[found.attname])
        if found.attname in together
        else Attempt(model, found.attname, _try_column(model, found, pks))
        for found in columns_of(model)
    ]
    for what, act in ((ROW_LESS, _delete), (ROW_MORE, _copy)):
        why = together[what] if what in together else _undone(model, pks[-1], partial(act, model, pks[-1]))
        attempts.append(Attempt(model, what, why))
    return attempts


def try_what_nobody_notices() -> dict[type[models.Model], Said]:
    """All that the list names, of all tables at once: one look in place of one a table."""
    return _try_listed([model for model in tables() if _recorded(model)])


def _recorded(model: type[models.Model]) -> list[Any]:
    rows = next((table.rows for table in OWN_ROWS if table.model is model), model._base_manager.all())
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _try_listed(found: list[type[models.Model]]) -> dict[type[models.Model], Said]:
    """What the list names is changed all at once, since nobody is to notice: one look in place of one a column. Where
    somebody does, half of the tables at a time; nothing is said of the table in which it was, and each of its columns
    has to be tried by itself."""
    acts = [_Listed(model) for model in found]

    def act() -> None:
        for each in acts:
            each.change()

    noticed = _undone(None, None, act)
    if noticed and len(found) > 1:
        half = len(found) // 2
        return _try_listed(found[:half]) | _try_listed(found[half:])
    return {each.model: {} if noticed else each.said for each in acts}


class _Listed:
    """What the list names of one table, and what came of changing it."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.pks = model, _recorded(model)
        listed = [found for found in columns_of(model) if is_untold(model, found.attname)]
        listed.sort(key=lambda found: found.primary_key)  # whose change hides the row from the others
        self.others = {found.attname: list(_others(model, found, self.pks[-1])) for found in listed}
        self.said: Said = dict.fromkeys(self.others, NOTHING_ELSE)

    def change(self) -> None:
        model, pks = self.model, self.pks
        if is_untold(model, ROW_MORE):
            self.said[ROW_MORE] = _quietly(partial(_copy, model, pks[-1]))
        if is_untold(model, ROW_LESS) and len(pks) > 1:
            self.said[ROW_LESS] = _quietly(partial(_delete, model, pks[0]))
        for name, values in self.others.items():
            for value in values:
                self.said[name] = _quietly(partial(_update, model, pks[-1], name, value))
                if not self.said[name]:
                    break


def _quietly(act: Callable[[], None]) -> str:
    """Empty when it was done."""
    try:
        with transaction.atomic():
            act()
    except (IntegrityError, ProgrammingError):
        return REFUSED
    return ""


def _try_column(model: type[models.Model], found: Any, pks: list[Any]) -> str:
    """Unnoticed when it is so for one of the rows."""
    filled = [
        pk
        for pk in model._base_manager.exclude(**{found.attname: None})
        .order_by("-pk")
        .values_list("pk", flat=True)
        if pk in pks
    ]
    tried = OF_A_CASE if _case_of(model, pks[0]) else ROWS_TRIED
    rows, said, refused = [*filled[:tried], *pks[:1]], [], 0
    for pk in dict.fromkeys(rows):
        now = model._base_manager.values_list(found.attname, flat=True).get(pk=pk)
        for value in _others(model, found, pk):
            if value == now:
                continue
            why = _undone(model, pk, partial(_update, model, pk, found.attname, value))
            if why == REFUSED:
                refused += 1
                continue
            if not why:
                return ""
            said.append(why)
            break
    if not said:
        return REFUSED if refused else NOTHING_ELSE
    return said[0]


def _update(model: type[models.Model], pk: Any, name: str, value: Any) -> None:
    models.QuerySet(model).filter(pk=pk).update(**{name: value})


def _delete(model: type[models.Model], pk: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s', [pk])


def _copy(model: type[models.Model], pk: Any) -> None:
    """The same row once more, with another value wherever there must be one."""
    row = model._base_manager.get(pk=pk)
    for found in model._meta.concrete_fields:
        if found.unique and not found.primary_key:
            setattr(row, found.attname, next(iter(_others(model, found, pk)), None))
    own_key = not isinstance(model._meta.pk, models.AutoField)
    row.pk = next(iter(_others(model, model._meta.pk, pk)), None) if own_key else None
    row._state.adding = True
    models.QuerySet[Any](model).bulk_create([row])


def _undone(model: type[models.Model] | None, pk: Any, act: Callable[[], None]) -> str:
    """Does it to this row, or to many of many tables, asks verify_ledger, and undoes it."""
    case, said = _case_of(model, pk) if model else None, ""
    of_no_case = [each for each in (*SETTINGS, *OWN_ROWS) if each.model is model]
    try:
        with transaction.atomic():
            act()
            said = _notice(case, of_no_case)
            raise _Undo
    except _Undo:
        return said
    except (IntegrityError, ProgrammingError):  # a constraint or, on PostgreSQL, a trigger
        return REFUSED
    finally:
        calendars.forget()


class _Undo(Exception): ...


def _case_of(model: type[models.Model], pk: Any) -> int | None:
    if model is Complaint:
        return int(pk)
    if model in (Event, EventContent):
        return int(Event.objects.values_list("complaint", flat=True).get(pk=pk))
    table = next((each for each in TABLES if each.model is model), None)
    if table is None:
        return None
    key: int = model._base_manager.values_list(table.case, flat=True).get(pk=pk)
    return key


QUICK: list[Callable[[], BadEvent | None]] = [
    lambda: check_tree((), None).first_bad,
    check_entries_further,
    check_files,
]


def _notice(case: int | None, of_no_case: list[Table]) -> str:
    """What the check of this case or of these tables says, else that of the whole: its quick parts first."""
    if case is not None:
        _count, bad = Reader().check((case, case + 1))
        if bad is not None:
            return bad.why
    if of_no_case and (found := check_own_rows(of_no_case)):
        return found.why
    for look in [*QUICK]:
        if found := look():
            QUICK.remove(look)
            QUICK.insert(0, look)  # which will notice the next column of this table too
            return found.why
    found = verify_ledger(processes=1).first_bad
    return found.why if found else ""


def _others(model: type[models.Model], found: Any, pk: Any) -> Iterator[Any]:
    """Values that this column could have instead."""
    now = model._base_manager.values_list(found.attname, flat=True).get(pk=pk)
    if found.is_relation:
        others = found.related_model._base_manager.exclude(pk=now).order_by("pk")
        yield from others.values_list(found.target_field.attname, flat=True)[:20]
    elif found.choices:
        yield from (value for value, _label in found.flatchoices if value != now)
    elif isinstance(found, models.BooleanField):
        yield not now
    elif isinstance(found, models.DateTimeField):
        yield from ((now or NOON) + step for step in (timedelta(days=200), -timedelta(days=1)))
    elif isinstance(found, models.DateField):
        yield from ((now or NOON.date()) + timedelta(days=step) for step in (1, -400))
    elif isinstance(found, models.TimeField):
        yield from (time(5, 5), time(12, 5))
    elif isinstance(found, models.IntegerField | models.FloatField | models.DecimalField):
        yield from ((now or 0) + 1, max((now or 0) - 1, 0), (now or 0) + 10_000)
    elif isinstance(found, models.BinaryField):
        yield bytes(now or b"")[::-1] + b"x"
    elif isinstance(found, models.JSONField):
        yield {"x": 1} if not isinstance(now, list) else [*now, "x"]
    else:
        text = str(now or "")
        yield from (f"{text[: (found.max_length or 1000) - 1]}x", "x", text[::-1])
