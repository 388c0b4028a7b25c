"""What somebody with the database's password, and without the ledger's key, could do to the history."""

from typing import Any

from django.db import connection

from complaints.database.triggers import (
    install_entry_guards,
    install_guards,
    install_tree_guards,
    remove_entry_guards,
    remove_guards,
    remove_tree_guards,
)
from complaints.ledger.merkle import Growing
from complaints.models import Complaint, Event, Head, Leaf
from complaints.models.event import event_hash


def sql(statement: str, *values: Any) -> None:
    """Runs it with the guards away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        remove_guards(connection)
        remove_tree_guards(connection)
        remove_entry_guards(connection)
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    install_guards(connection)
    install_tree_guards(connection)
    install_entry_guards(connection)


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
