#!/usr/bin/env bash
# Start a throw-away Elasticsearch for tests, or stop it. Prints its SEARCH_URL.
#   scripts/elasticsearch.sh start DIR [PORT]      scripts/elasticsearch.sh stop DIR
# One real node, taken from Maven Central by mvn: it has no text analysis of languages, no scripts and no
# security, none of which is asked of it. Listens on loopback only (PORT, and PORT + 1 for itself).
set -euo pipefail
action=${1:?start or stop} dir=${2:?a folder} port=${3:-9200}
version=8.19.8
user=localoffer-search
home=$dir/elasticsearch-$version

as_owner() { # Elasticsearch refuses to run as root
  if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi
}

if [ "$action" = stop ]; then
  pid=$(cat "$dir/pid" 2>/dev/null) || exit 0
  kill "$pid" 2>/dev/null || exit 0
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.2; done
  kill -9 "$pid"
  exit 0
fi
command -v mvn >/dev/null && command -v java >/dev/null || { echo "Java and mvn are needed." >&2; exit 1; }
if [ "$(id -u)" = 0 ] && ! id "$user" >/dev/null 2>&1; then
  useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
fi
mkdir -p "$dir/tmp"
if [ ! -d "$home" ]; then
  # 94 MB, into the user's own Maven repository.
  mvn -q -B -Dstyle.color=never dependency:copy -Dmdep.overWriteReleases=false -DoutputDirectory="$dir" \
    -Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip" >&2
  python3 -m zipfile -e "$dir/elasticsearch-$version.zip" "$dir"
  rm "$dir/elasticsearch-$version.zip"
  chmod +x "$home"/bin/*
fi
cat >"$home/config/elasticsearch.yml" <<SETTINGS
cluster.name: local-offer-test
discovery.type: single-node
network.host: 127.0.0.1
http.port: $port
transport.port: $((port + 1))
path.data: $dir/data
path.logs: $dir/logs
cluster.routing.allocation.disk.threshold_enabled: false
xpack.security.enabled: false
SETTINGS
[ "$(id -u)" = 0 ] && chown -R "$user" "$dir"
java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
as_owner env ES_JAVA_HOME="$java_home" ES_JAVA_OPTS="-Xms${HEAP:-512m} -Xmx${HEAP:-512m}" \
  ES_TMPDIR="$dir/tmp" "$home/bin/elasticsearch" -d -p "$dir/pid" >"$dir/start.log" 2>&1 ||
  { tail -n 20 "$dir/start.log" >&2; exit 1; }
echo "elasticsearch://127.0.0.1:$port"
