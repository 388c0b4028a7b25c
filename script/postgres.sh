# Sourced by script/test and script/bench: a PostgreSQL server of our own in a temporary folder, gone when we end.

# as_postgres COMMAND…: PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

postgres_dir=
# start_postgres OPTIONS: starts it with these options for the server; its socket lies in $postgres_dir.
start_postgres() {
  postgres_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/tuntas-postgres.XXXXXX")
  trap stop_postgres EXIT
  [ "$(id -u)" -ne 0 ] || chown postgres "$postgres_dir"
  quietly initdb as_postgres "$postgres_bin/initdb" -D "$postgres_dir/data" -U tuntas -A trust -E UTF8 --locale=C.UTF-8 --no-sync
  quietly postgres as_postgres "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -l "$postgres_dir/log" -w start -o \
    "-k $postgres_dir $1"
}

stop_postgres() {
  as_postgres "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$postgres_dir"
}
