#!/usr/bin/env bash
# Start a throw-away Redis for tests, or stop it. Prints its CACHE_URL.
#   scripts/redis.sh start DIR [PORT]      scripts/redis.sh stop DIR
# Installs Debian's package when it is missing and this user may. Listens on loopback only, keeps nothing.
set -euo pipefail
action=${1:?start or stop} dir=${2:?a folder} port=${3:-6399}

if [ "$action" = stop ]; then
  pid=$(cat "$dir/redis.pid" 2>/dev/null) || exit 0
  kill "$pid" 2>/dev/null || exit 0
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done
  kill -9 "$pid"
  exit 0
fi
if ! command -v redis-server >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "Redis is not installed, and only root can install it." >&2; exit 1; }
  apt-get update -qq >&2
  # The package would start a server of its own, which nobody asked for.
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then policy=$(mktemp); else trap 'rm -f "$policy"' EXIT; fi
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >&2
fi
mkdir -p "$dir"
redis-server --port "$port" --bind 127.0.0.1 --daemonize yes --dir "$dir" --pidfile "$dir/redis.pid" \
  --logfile "$dir/log" --save "" --appendonly no --databases 64 --maxmemory 128mb \
  --maxmemory-policy allkeys-lru >&2
for _ in $(seq 100); do
  if [ "$(redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null)" = PONG ]; then
    echo "rediscache://127.0.0.1:$port/0"
    exit 0
  fi
  sleep 0.1
done
tail -n 20 "$dir/log" >&2
exit 1
