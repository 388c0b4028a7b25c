"""What a later migration must not take away."""

import pytest
from django.core.management import call_command
from django.db import connection

from complaints.models import Complaint, Event, Leaf
from complaints.search import search
from tests import factories

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite makes a table anew")


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Complaint, Event, Leaf])
def test_a_table_made_anew_keeps_its_guards_and_its_search(model: type) -> None:
    """SQLite makes a table anew to change a constraint, and its triggers go with the old one."""
    before = triggers()
    with connection.schema_editor() as editor:
        editor._remake_table(model)  # type: ignore[attr-defined]
    call_command("migrate", verbosity=0)
    assert triggers() == before
    case = factories.file_complaint(subject="Sekolah bocor")
    assert list(search(Complaint.objects.all(), "bocor")) == [case]
