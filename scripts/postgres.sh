#!/usr/bin/env bash
# Start a throw-away PostgreSQL for tests, or stop it. Prints its DATABASE_URL.
#   scripts/postgres.sh start DIR [PORT]      scripts/postgres.sh stop DIR
# Installs Debian's package when it is missing and this user may. Listens on loopback only.
set -euo pipefail
action=${1:?start or stop} dir=${2:?a folder} port=${3:-5499}

as_owner() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

bin=$(find_bin)
if [ "$action" = stop ]; then
  as_owner "$bin/pg_ctl" -D "$dir/data" -m fast stop >&2
  exit 0
fi
if [ -z "$bin" ]; then
  [ "$(id -u)" = 0 ] || { echo "PostgreSQL is not installed, and only root can install it." >&2; exit 1; }
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >&2
  bin=$(find_bin)
fi
mkdir -p "$dir"
[ "$(id -u)" = 0 ] && chown postgres "$dir"
if [ ! -d "$dir/data" ]; then
  as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >&2
fi
as_owner "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >&2
as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U postgres localoffer 2>/dev/null || true
echo "postgres://postgres@127.0.0.1:$port/localoffer"
