# A private PostgreSQL for the tests: in a folder of its own, on a socket inside it, as a user without rights, gone
# afterwards. Sourced, not run.
# shellcheck shell=bash

postgres_dir=

# PostgreSQL refuses root.
as_postgres_user() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u tocsin-test -- "$@"; else "$@"; fi
}

postgres_bin() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

# Sets and exports TOCSIN_TEST_POSTGRES, unless it names a server already.
start_postgres() {
  [ -n "${TOCSIN_TEST_POSTGRES:-}" ] && return
  local bin
  bin=$(postgres_bin)
  [ -x "$bin/initdb" ] || { say "no PostgreSQL here: its tests are skipped"; return; }
  if [ "$(id -u)" -eq 0 ] && ! id tocsin-test >/dev/null 2>&1; then
    useradd --system --no-create-home --shell /usr/sbin/nologin tocsin-test
  fi
  postgres_dir=$(mktemp -d /tmp/tocsin-postgres-XXXXXX)
  [ "$(id -u)" -eq 0 ] && chown tocsin-test "$postgres_dir"
  # Nothing here outlives the tests, so nothing needs to reach the disk; benchmarks want it all the same.
  local flush=off
  [ -n "${POSTGRES_DURABLE:-}" ] && flush=on
  as_postgres_user "$bin/initdb" --pgdata "$postgres_dir/data" --username tocsin --auth trust --encoding UTF8 \
    --locale C --no-sync >"$postgres_dir.log" 2>&1 || { cat "$postgres_dir.log" >&2; die "initdb failed"; }
  as_postgres_user "$bin/pg_ctl" --pgdata "$postgres_dir/data" --log "$postgres_dir/server.log" --wait --silent \
    --options "-c listen_addresses= -c unix_socket_directories=$postgres_dir -c fsync=$flush -c full_page_writes=$flush \
-c max_connections=300" start >>"$postgres_dir.log" 2>&1 ||
    { cat "$postgres_dir.log" "$postgres_dir/server.log" >&2; die "PostgreSQL did not start"; }
  export TOCSIN_TEST_POSTGRES="postgresql:///postgres?host=$postgres_dir&user=tocsin"
}

stop_postgres() {
  [ -n "$postgres_dir" ] || return 0
  as_postgres_user "$(postgres_bin)/pg_ctl" --pgdata "$postgres_dir/data" --mode immediate --silent stop
  rm -rf "$postgres_dir" "$postgres_dir.log"
  postgres_dir=
}
