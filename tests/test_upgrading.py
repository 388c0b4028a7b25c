"""A database with cases in it is migrated: what fills new columns stands among what changes the tables."""

import pytest
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from complaints.models import Clock
from tests import factories

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL keeps checks of rows for later"
)
NEW = "clock_stopped_for_a_reason"


@pytest.mark.django_db(transaction=True)
def test_first_promises_are_filled_in_where_clocks_have_stopped() -> None:
    """In one transaction, as `migrate` does it; a test's database was migrated empty."""
    factories.closed()
    [constraint] = [each for each in Clock._meta.constraints if each.name == NEW]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Clock, constraint)
    Clock.objects.update(stopped_by="", promised_at=None)

    loader = MigrationLoader(connection)
    state = loader.project_state(("complaints", "0004_first_promises"), at_end=False)
    with connection.schema_editor() as editor:
        for step in loader.get_migration("complaints", "0004_first_promises").operations:
            before, state = state, state.clone()
            step.state_forwards("complaints", state)
            if not isinstance(step, migrations.AddField):  # they are there
                step.database_forwards("complaints", editor, before, state)

    assert Clock.objects.exclude(stopped_at=None).exists()
    assert not Clock.objects.exclude(stopped_at=None).filter(stopped_by="").exists()
