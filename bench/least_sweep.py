"""What a sweep wrote, written again: by one statement, with the hash of each event beside it. No sweep can cost less.

What is due is not looked for, nothing is worked out, and nothing is sent to the database. The statement ends with the
checks of its foreign keys and is taken back, so that its flush to the disk is not in it either.
"""

import multiprocessing
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

from django.db import connection, connections

from bench.sites import TICK
from complaints.models import Clock, Complaint, Event, Message, Pause
from complaints.models.event import canonical, event_body
from escalation.ladder.models import Escalation

NEW: tuple[Any, ...] = (Event, Message, Escalation, Clock)  # of which a sweep writes new rows
CHANGED: tuple[Any, ...] = (Complaint, Clock, Pause, Escalation)  # rows that it changes
Figures = dict[str, Any]


def measured(ours: Callable[[], Any], due: Any) -> tuple[Any, Figures]:
    """Runs `ours`, keeps what it made of the cases of the query `due`, takes it back, and lets one statement write it
    by one process and by two; then `ours` runs again, so that the city goes on."""
    with connection.cursor() as cursor:
        _remember(cursor, due)
        begun = _processors()
        result = ours()
        spent = _processors() - begun
        cursor = connection.cursor()  # ours may have closed it
        _keep(cursor)
        _take_back(cursor)
        bodies = _bodies()
    figures: Figures = {"cpu_seconds": spent, "events": len(bodies)}
    for processes in (1, 2):
        seconds, cpu = _least(processes, bodies)
        figures |= {f"least_seconds_by_{processes}": seconds, f"least_cpu_seconds_by_{processes}": cpu}
    figures["times_least"] = result.seconds / figures["least_seconds_by_2"]
    figures["cpu_times_least"] = spent / figures["least_cpu_seconds_by_2"]
    ours()
    return result, figures


def _table(model: Any) -> str:
    return str(model._meta.db_table)


def _columns(model: Any) -> list[str]:
    return [f.column for f in model._meta.concrete_fields if not f.generated]


def _remember(cursor: Any, due: Any) -> None:
    sql, values = due.values("pk").query.sql_with_params()
    cursor.execute(f"CREATE TABLE least_due AS SELECT id FROM ({sql}) AS due(id)", values)
    cursor.execute("ALTER TABLE least_due ADD PRIMARY KEY (id)")
    for model in CHANGED:
        case = "id" if model is Complaint else "complaint_id"
        cursor.execute(
            f"CREATE TABLE before_{_table(model)} AS SELECT * FROM {_table(model)} "
            f"WHERE {case} IN (SELECT id FROM least_due)"
        )
    for model in NEW:
        cursor.execute(
            f"CREATE TABLE last_{_table(model)} AS SELECT coalesce(max(id), 0) AS id FROM {_table(model)}"
        )


def _keep(cursor: Any) -> None:
    """The rows that are new, and those that are others than before."""
    for model in NEW:
        cursor.execute(
            f"CREATE TABLE new_{_table(model)} AS SELECT * FROM {_table(model)} "
            f"WHERE id > (SELECT id FROM last_{_table(model)})"
        )
    for model in CHANGED:
        cursor.execute(
            f"CREATE TABLE after_{_table(model)} AS SELECT a.* FROM {_table(model)} a "
            f"JOIN before_{_table(model)} b ON a.id = b.id WHERE a.* IS DISTINCT FROM b.*"
        )
        cursor.execute(f"ALTER TABLE after_{_table(model)} ADD PRIMARY KEY (id)")


def _take_back(cursor: Any) -> None:
    for model in NEW:
        table = _table(model)
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM new_{table})")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for model in CHANGED:
        cursor.execute(_update(model, f"before_{_table(model)}", "true"))
    for model in {*NEW, *CHANGED}:
        cursor.execute(f"VACUUM ANALYZE {_table(model)}")


def _update(model: Any, source: str, which: str) -> str:
    sets = ", ".join(f'"{name}" = n."{name}"' for name in _columns(model) if name != "id")
    return f"UPDATE {_table(model)} AS old SET {sets} FROM {source} n WHERE old.id = n.id AND {which}"


def _statement(part: int, of: int) -> str:
    """Everything at once, of the cases of this part."""
    steps = []
    for model in CHANGED:
        case = "n.id" if model is Complaint else "n.complaint_id"
        steps.append(_update(model, f"after_{_table(model)}", f"{case} % {of} = {part}"))
    for model in NEW:
        columns = ", ".join(f'"{name}"' for name in _columns(model))
        steps.append(
            f"INSERT INTO {_table(model)} ({columns}) SELECT {columns} FROM new_{_table(model)} "
            f"WHERE complaint_id % {of} = {part} ORDER BY id"
        )
    named = ", ".join(f"step_{number} AS ({step})" for number, step in enumerate(steps))
    return f"WITH {named} SELECT 1"


def _bodies() -> list[tuple[int, bytes]]:
    """Of each new event its case and what its hash is over."""
    events = Event.objects.raw(f"SELECT * FROM new_{_table(Event)}")
    numbers = dict(
        Complaint.objects.filter(pk__in={event.complaint_id for event in events}).values_list("pk", "number")
    )
    return [
        (event.complaint_id, b"\0" + canonical(event_body(event, numbers[event.complaint_id])))
        for event in events
    ]


def _least(processes: int, bodies: list[tuple[int, bytes]]) -> tuple[float, float]:
    """Seconds by the clock and of all processors."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(processes + 1), context.SimpleQueue()
    parts = [[body for case, body in bodies if case % processes == part] for part in range(processes)]
    workers = [
        context.Process(target=_write, args=(part, processes, parts[part], barrier, told))
        for part in range(processes)
    ]
    for worker in workers:
        worker.start()
    barrier.wait()
    begun = perf_counter()
    spent = [told.get() for _ in workers]
    took = perf_counter() - begun
    barrier.wait()
    for worker in workers:
        worker.join()
    with connection.cursor() as cursor:
        for model in {*NEW, *CHANGED}:
            cursor.execute(f"VACUUM {_table(model)}")
    return took, sum(spent)


def _write(part: int, of: int, bodies: list[bytes], barrier: Any, told: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        cursor.execute("BEGIN")
        barrier.wait()
        begun = process_time() + _ran(pid)
        cursor.execute(_statement(part, of))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for body in bodies:
            sha256(body).hexdigest()
        told.put(process_time() + _ran(pid) - begun)
        cursor.execute("ROLLBACK")
    connections.close_all()
    barrier.wait()


def _ran(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _processors() -> float:
    """Seconds of our children that are over, and of the database's processes that are."""
    connections.close_all()
    sleep(0.5)  # until their parents know
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    parent = int(_fields(pid)[1])
    server = sum(int(ticks) for ticks in _fields(parent)[13:15])
    ours = sum(int(ticks) for ticks in _fields("self")[11:15])
    return (server + ours) / TICK


def _fields(pid: int | str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
