"""Database triggers that keep a published version as it was published, for both databases."""

from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSED = "a published version of a survey does not change"
VERSION, SECTION, QUESTION = "surveys_surveyversion", "surveys_section", "surveys_question"
_OF_VERSION = "{row}.published_at IS NOT NULL"
_OF_SECTION = (
    f"EXISTS (SELECT 1 FROM {VERSION} v WHERE v.id = {{row}}.version_id AND v.published_at IS NOT NULL)"
)
_OF_QUESTION = (
    f"EXISTS (SELECT 1 FROM {SECTION} s JOIN {VERSION} v ON v.id = s.version_id "
    "WHERE s.id = {row}.section_id AND v.published_at IS NOT NULL)"
)
# (table, operation, row that is looked at, when it is refused)
_GUARDS = [
    (VERSION, "UPDATE", "OLD", _OF_VERSION),
    (VERSION, "DELETE", "OLD", _OF_VERSION),
    *(
        (table, operation, row, rule)
        for table, rule in ((SECTION, _OF_SECTION), (QUESTION, _OF_QUESTION))
        for operation, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
]


def _name(table: str, operation: str, row: str) -> str:
    return f"{table}_frozen_{operation}_{row}".lower()


def install(connection: BaseDatabaseWrapper) -> None:
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
            )
        for table, operation, row, rule in _GUARDS:
            when = rule.format(row=row)
            if is_postgresql and rule != _OF_VERSION:
                # A condition of a trigger may not look at other tables there.
                body = f"FOR EACH ROW EXECUTE FUNCTION {_function(cursor, table, row, when)}()"
            elif is_postgresql:
                body = f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_frozen()"
            else:
                body = f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            create = "CREATE TRIGGER" if is_postgresql else "CREATE TRIGGER IF NOT EXISTS"
            cursor.execute(f"{create} {_name(table, operation, row)} BEFORE {operation} ON {table} {body}")


def _function(cursor: object, table: str, row: str, when: str) -> str:
    name = f"refuse_frozen_{table}_{row}".lower()
    cursor.execute(  # type: ignore[attr-defined]
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{_REFUSED}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    return name


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a change of these tables by a migration, and for tests that empty them."""
    with connection.cursor() as cursor:
        for table, operation, row, _rule in _GUARDS:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, operation, row)}{on}")


def restore(connection: BaseDatabaseWrapper) -> None:
    """After a migration, where the tables are there."""
    if QUESTION in connection.introspection.table_names():
        remove(connection)
        install(connection)
