"""Database triggers that keep the history append-only and the search index true, for both databases."""

from django.db.backends.base.base import BaseDatabaseWrapper

EVENT, CONTENT, COMPLAINT = "complaints_event", "complaints_eventcontent", "complaints_complaint"
SEARCH = "complaints_search"
_REFUSED = "the history is append-only"
# (name, table, operation): words may be erased with their row, never rewritten.
_GUARDS = (
    ("event_no_update", EVENT, "UPDATE"),
    ("event_no_delete", EVENT, "DELETE"),
    ("content_no_update", CONTENT, "UPDATE"),
)


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Makes UPDATE and DELETE of events, and UPDATE of their words, fail; on PostgreSQL TRUNCATE too."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
            )
            for name, table, operation in _GUARDS:
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            cursor.execute(
                f"CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON {EVENT} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            return
        for name, table, operation in _GUARDS:
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )


def remove_guards(connection: BaseDatabaseWrapper) -> None:
    """Takes the guards away: for a schema migration of these tables, and for tests that empty them."""
    with connection.cursor() as cursor:
        guards = list(_GUARDS)
        if connection.vendor == "postgresql":
            guards.append(("event_no_truncate", EVENT, "TRUNCATE"))
        for name, table, _ in guards:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


_TREE = ("complaints_leaf", "complaints_tile", "complaints_head")
_ENTRIES = ("complaints_ledgerentry",)


def install_tree_guards(connection: BaseDatabaseWrapper) -> None:
    """The same for leaves, tiles and heads of the tree over the events."""
    guard_rows(connection, _TREE)


def install_entry_guards(connection: BaseDatabaseWrapper) -> None:
    """The same for the ledger's own entries."""
    guard_rows(connection, _ENTRIES)


def guard_rows(connection: BaseDatabaseWrapper, tables: tuple[str, ...]) -> None:
    """Makes UPDATE and DELETE of these tables fail; on PostgreSQL TRUNCATE too."""
    is_postgresql = connection.vendor == "postgresql"
    create = "CREATE TRIGGER" if is_postgresql else "CREATE TRIGGER IF NOT EXISTS"
    with connection.cursor() as cursor:
        for table in tables:
            for operation in ("UPDATE", "DELETE", "TRUNCATE")[: 3 if is_postgresql else 2]:
                each = "FOR EACH STATEMENT" if operation == "TRUNCATE" else "FOR EACH ROW"
                refusal = (
                    f"{each} EXECUTE FUNCTION refuse_change()"
                    if is_postgresql
                    else f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
                )
                name = f"{table}_no_{operation.lower()}"
                cursor.execute(f"{create} {name} BEFORE {operation} ON {table} {refusal}")


def remove_tree_guards(connection: BaseDatabaseWrapper) -> None:
    unguard_rows(connection, _TREE)


def remove_entry_guards(connection: BaseDatabaseWrapper) -> None:
    unguard_rows(connection, _ENTRIES)


def unguard_rows(connection: BaseDatabaseWrapper, tables: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            for operation in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{operation}{on}")


WORDS, PLACES = "search_text", ("agency_id", "area_id")  # of the complaint
_SEARCHED = (WORDS, *PLACES)
_CHANGED = " OR ".join(f"old.{column} IS DISTINCT FROM new.{column}" for column in _SEARCHED)
# The words as they are, each a lexeme: no parser guesses paths and hosts into them. Places by key, which no word has
# the form of, so that a name is that of today.
DOCUMENT = (
    "array_to_tsvector(array_remove(string_to_array({row}.search_text, ' ') || "
    + " || ".join(f"(':{column}:' || {{row}}.{column})" for column in PLACES)
    + ", NULL))"
)
_PG_FILL = f"INSERT INTO {SEARCH} SELECT c.id, {DOCUMENT.format(row='c')} FROM {COMPLAINT} c"
# A table of its own: an index on the complaint would be written anew at every change of state.
_PG_SEARCH = (
    f"CREATE TABLE {SEARCH} (rowid bigint PRIMARY KEY, document tsvector NOT NULL)",
    _PG_FILL,
    f"CREATE INDEX {SEARCH}_document ON {SEARCH} USING gin (document)",
    "CREATE OR REPLACE FUNCTION write_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF tg_op = 'DELETE' THEN DELETE FROM {SEARCH} WHERE rowid = old.id; RETURN NULL; END IF; "
    f"INSERT INTO {SEARCH}(rowid, document) VALUES (new.id, {DOCUMENT.format(row='new')}) "
    "ON CONFLICT (rowid) DO UPDATE SET document = excluded.document; RETURN NULL; END $$",
    f"CREATE TRIGGER search_write AFTER INSERT OR DELETE ON {COMPLAINT} "
    "FOR EACH ROW EXECUTE FUNCTION write_search()",
    f"CREATE TRIGGER search_rewrite AFTER UPDATE ON {COMPLAINT} "
    f"FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION write_search()",
)


def install_search(connection: BaseDatabaseWrapper) -> None:
    """SQLite: an FTS5 index over the complaint's own columns; PostgreSQL: a table of text vectors with a GIN index.
    Begun with the cases that are there; triggers keep either true."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _PG_SEARCH:
                cursor.execute(statement)
            return
        columns = ", ".join(_SEARCHED)
        cursor.execute(
            f"CREATE VIRTUAL TABLE {SEARCH} USING fts5({columns}, content='{COMPLAINT}', content_rowid='id', "
            "tokenize='ascii', detail=column)"
        )
    fill_search(connection)
    _install_sqlite_triggers(connection)


def fill_search(connection: BaseDatabaseWrapper) -> None:
    """Makes the index anew of the cases that are there, which came past its triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {SEARCH}")
            cursor.execute(_PG_FILL)
        else:
            cursor.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")


def _install_sqlite_triggers(connection: BaseDatabaseWrapper) -> None:
    columns, create = ", ".join(_SEARCHED), "CREATE TRIGGER IF NOT EXISTS"
    new = ", ".join(f"new.{column}" for column in _SEARCHED)
    old = new.replace("new.", "old.")
    insert = f"INSERT INTO {SEARCH}(rowid, {columns}) VALUES (new.id, {new});"
    remove = f"INSERT INTO {SEARCH}({SEARCH}, rowid, {columns}) VALUES ('delete', old.id, {old});"
    changed = _CHANGED.replace("IS DISTINCT FROM", "IS NOT")
    with connection.cursor() as cursor:
        cursor.execute(f"{create} search_insert AFTER INSERT ON {COMPLAINT} BEGIN {insert} END")
        cursor.execute(f"{create} search_delete AFTER DELETE ON {COMPLAINT} BEGIN {remove} END")
        cursor.execute(
            f"{create} search_update AFTER UPDATE ON {COMPLAINT} WHEN {changed} BEGIN {remove} {insert} END"
        )


def remove_search(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("search_write", "search_rewrite"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {COMPLAINT}")
            cursor.execute(f"DROP TABLE IF EXISTS {SEARCH}")
            return
        for name in ("search_insert", "search_delete", "search_update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"DROP TABLE IF EXISTS {SEARCH}")


def restore(connection: BaseDatabaseWrapper) -> None:
    """After a migration: SQLite changes a table by making it anew, and its triggers go with the old one."""
    tables = connection.introspection.table_names() if connection.vendor == "sqlite" else []
    if SEARCH in tables:
        install_guards(connection)
        install_tree_guards(connection)
        if _ENTRIES[0] in tables:
            install_entry_guards(connection)
        _install_sqlite_triggers(connection)
