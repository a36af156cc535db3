#!/bin/bash
# Runs docker-compose.yml for real and checks what docs/operations/deploy.md says of it. Needs an engine with compose v2,
# openssl and curl; about ten minutes. It uses a project, ports and passwords of its own, and removes all of it at the end.
# Usage: deploy/compose/check.sh [--no-build]    (with it, the image is there already)
set -euo pipefail
cd "$(dirname "$0")/../.."
project=lethe-check
work=$(mktemp -d)
failures=0

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
good() { say "ok      $*"; }
bad() { say "FAILED  $*"; failures=$((failures + 1)); }
check() { local what=$1; shift; if "$@"; then good "$what"; else bad "$what"; fi; }
compose() { docker compose -p "$project" --env-file "$work/env" --profile demo "$@"; }
container() { compose ps -a -q "$1"; }
clean_up() {
  docker rm -f "$project-squatter" > /dev/null 2>&1 || true
  compose --profile backup --profile cli down --volumes --timeout 5 > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

umask 077
export BALANCER_PORT=${BALANCER_PORT:-18080} REGISTRY_PORT=${REGISTRY_PORT:-14400} TLS_PORT=${TLS_PORT:-18443}
export REPLICAS_SUBNET=${REPLICAS_SUBNET:-10.213.98.0/24}
token=tok_$(openssl rand -hex 24)
{
  for name in POSTGRES NATS_REGISTRY NATS_CONNECTOR NATS_PROXY NATS_OPERATOR; do
    echo "${name}_PASSWORD=pw_$(openssl rand -hex 24)"
  done
  echo "DEMO_TOKEN_SHA256=me:$(printf %s "$token" | sha256sum | cut -d' ' -f1)"
  echo "LETHE_PUBLIC_URL=http://localhost:$BALANCER_PORT"
} > "$work/env"

lethe() { compose run --rm -T lethe "$@"; }
# One tool call as a modern client; prints the HTTP status. Each is a connection of its own.
call() {
  local base=${1:-http://localhost:$BALANCER_PORT}
  curl -s -o "$work/answer" -w '%{http_code}' --max-time "${CALL_SECONDS:-8}" ${CURL_OPTIONS:-} "$base/servers/demo/mcp?q=canary-query" \
    -H "Authorization: Bearer $key" -H "X-Upstream-Authorization: Bearer $token" \
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: which_token' "${@:2}" \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"which_token","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"check","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}' ||
    true
}
# Calls one after the other for $1 seconds; the counts are in $done and $lost.
calls_for() {
  local end=$((SECONDS + $1)) status
  done=0 lost=0 slowest=0
  while [ $SECONDS -lt "$end" ]; do
    local began=$(date +%s%N)
    status=$(call)
    local took=$((($(date +%s%N) - began) / 1000000))
    [ $took -le $slowest ] || slowest=$took
    done=$((done + 1))
    sleep 0.05
    [ "$status" = 200 ] || { lost=$((lost + 1)); say "        a call got $status"; }
  done
}
served_by() { compose logs --since "$2" --no-log-prefix balancer 2> /dev/null | grep -c " proxies/$1 \| $1 " || true; }
is_up() { compose up --wait --no-build "$@" > "$work/up.log" 2>&1 || { cat "$work/up.log"; return 1; }; }

# The logs of a container go with it.
logs_hold_no_secret() {
  compose logs --no-log-prefix > "$work/logs" 2>&1
  check "no key, token, password, query or header in $(wc -l < "$work/logs") lines" [ "$(grep -c -e "$key" -e "$token" -e canary-query -e X-Pad -e xxxxxxxx -f <(sed -n 's/^[A-Z_]*PASSWORD=//p' "$work/env") "$work/logs" || true)" = 0 ]
}

say "$(docker version --format 'engine {{.Server.Version}}'), compose $(docker compose version --short)"
[ "${1:-}" = --no-build ] || compose build

say '--- the first start'
began=$SECONDS
is_up || { bad 'up --wait'; exit 1; }
took=$((SECONDS - began))
check "everything is healthy after $took s (at most ${UP_SECONDS:-15})" [ $took -le "${UP_SECONDS:-15}" ]

say '--- register, verify, serve, call'
printf %s "$token" | lethe add http://demo-upstream:4900/mcp --name Demo --bearer --credential-stdin > "$work/add" 2>&1 || { cat "$work/add"; bad 'add'; exit 1; }
lethe serve Demo --from demo > "$work/serve" 2>&1 || { cat "$work/serve"; bad 'serve'; exit 1; }
key=$(grep -o 'Bearer [A-Za-z0-9_.-]\{20,\}' "$work/serve" | head -1 | cut -d' ' -f2 || true)
check 'serve prints the endpoint' grep -q "endpoint *http://localhost:$BALANCER_PORT/servers/demo/mcp" "$work/serve"
check 'the first call after serve is answered' [ "$(call)" = 200 ]
check "by the tool" grep -q "with the me token" "$work/answer"
check 'the registry names the address that it listens on' grep -q 'listens at http://0.0.0.0:4400' <(compose logs registry)
docker pause "$(container proxy-2)" > /dev/null
lethe serve Demo --slug late --from demo > "$work/late" 2>&1 || bad 'serve while a proxy hangs'
check 'serve names the proxy that hangs' grep -q 'not served yet by the proxies on proxy-2' "$work/late"
docker unpause "$(container proxy-2)" > /dev/null

say '--- what the balancer lets through'
pad=$(head -c 7000 /dev/zero | tr '\0' x)
big=(); for n in $(seq 30); do big+=(-H "X-Pad-$n: $pad"); done
check 'headers of 205 KiB together' [ "$(call "http://localhost:$BALANCER_PORT" "${big[@]}")" = 200 ]
for path in /metrics /readyz /livez /; do
  check "404 for $path" [ "$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$BALANCER_PORT$path")" = 404 ]
done

say '--- addresses of callers'
key_kept=$key key=lethe_key_0190c0de-0000-7000-8000-0000000000cc_aaaaaaaaaaaaaaaaaaaa
check 'an unknown key is refused' [ "$(call "http://localhost:$BALANCER_PORT" -H 'X-Forwarded-For: 198.51.100.77')" = 401 ]
key=$key_kept
refused=$(compose logs --no-log-prefix proxy-1 proxy-2 2> /dev/null | grep '"Caller refused"' || true)
seen=$(compose logs --no-log-prefix balancer 2> /dev/null | sed -nE 's/.* ([0-9a-f.:]+):[0-9]+ POST [^ ]+ 401 .*/\1/p' | tail -n 1)
check "the proxy logs the address that the balancer saw ($seen)" grep -q "\"address\":\"$seen\"" <<< "$refused"
check 'not the one that the caller wrote' [ "$(grep -c 198.51.100.77 <<< "$refused")" = 0 ]

say '--- who reaches whom'
reaches() {
  compose exec -T "$1" node -e '
    const [, host, port] = process.argv;
    const socket = require("net").connect({ host, port: Number(port), timeout: 1500 });
    const end = (code) => process.exit(code);
    socket.on("connect", () => end(0)).on("error", () => end(1)).on("timeout", () => end(1));' "$2" "$3"
}
address() { docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(container "$1")"; }
for edge in registry:postgres:5432 registry:nats:4222 connector:nats:4222 proxy-1:nats:4222 proxy-2:demo-upstream:4900 connector:demo-upstream:4900; do
  IFS=: read -r from to port <<< "$edge"
  check "$from reaches $to" reaches "$from" "$to" "$port"
done
for edge in proxy-1:postgres:5432 connector:postgres:5432 demo-upstream:postgres:5432 demo-upstream:nats:4222 registry:demo-upstream:4900; do
  IFS=: read -r from to port <<< "$edge"
  reached=no
  for ip in $(address "$to"); do ! reaches "$from" "$ip" "$port" || reached=yes; done
  check "$from does not reach $to" [ $reached = no ]
done

say '--- each part under single calls: killed, stopped, restarted'
for part in proxy-1 proxy-2 registry connector nats postgres; do
  for how in kill stop restart; do
    { sleep 1; compose "$how" "$part"; } > /dev/null 2>&1 &
    calls_for 6
    wait
    is_up "$part" || bad "$part is back"
    # A call that a killed proxy had begun is lost: it must not be repeated.
    allowed=0; case $how$part in killproxy-*) allowed=1 ;; esac
    check "$how $part: $lost of $done calls lost, the slowest took $slowest ms" [ $lost -le $allowed ]
  done
done

say '--- replicas whose addresses change'
for part in proxy-1 proxy-2; do
  docker network disconnect "${project}_replicas" "$(container $part)"
  calls_for 5
  check "$part does not answer at its address: $lost of $done calls lost, the slowest took $slowest ms" [ $lost = 0 ]
  docker network connect --alias $part "${project}_replicas" "$(container $part)"
  sleep 3
done
before="$(address proxy-1)/ $(address proxy-2)"
compose stop proxy-1 proxy-2 > /dev/null 2>&1
compose rm -f proxy-1 proxy-2 > /dev/null 2>&1
# Takes the first address that has become free.
docker run -d --rm --name "$project-squatter" --network "${project}_replicas" --entrypoint sleep "$(sed -nE 's/^ *image: (lethe:.*)/\1/p' docker-compose.yml)" 600 > /dev/null
{ is_up proxy-2 && is_up proxy-1; } || bad 'both are back'
after="$(address proxy-1)/ $(address proxy-2)"
check "addresses changed: $before -> $after" [ "$before" != "$after" ]
sleep 2
since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
calls_for 4
check "both moved: $lost of $done calls lost" [ $lost = 0 ]
check 'both replicas that came back get calls' [ "$(served_by proxy-1 "$since")" -gt 0 -a "$(served_by proxy-2 "$since")" -gt 0 ]

say '--- the balancer'
for how in kill stop restart; do
  compose $how balancer > /dev/null 2>&1
  check "$how balancer: back" is_up balancer
  check 'it serves' [ "$(call)" = 200 ]
done

say '--- a backup'
for n in 1 2 3; do
  BACKUP_KEEP=2 compose --profile backup run --rm -T backup once > "$work/backup" 2>&1 || bad "$(cat "$work/backup")"
  sleep 1
done
kept=$(compose --profile backup run --rm -T --entrypoint ls backup /backups 2> /dev/null | grep -c '\.dump' || true)
check "of three dumps, $kept are kept (2)" [ "$kept" = 2 ]
newest=$(compose --profile backup run --rm -T --entrypoint sh backup -c 'ls /backups/*.dump | tail -n 1' 2> /dev/null | tr -d '\r')
lethe serve later --from demo > /dev/null 2>&1 || bad 'something is served that is not in the dump'
compose stop registry proxy-1 proxy-2 > /dev/null 2>&1
check 'it can be restored' compose --profile backup run --rm -T --entrypoint pg_restore backup \
  --clean --if-exists --no-owner --single-transaction --dbname lethe "$newest"
password=$(sed -n 's/^NATS_OPERATOR_PASSWORD=//p' "$work/env")
check 'what was published later is deleted' grep -q 'KV_lethe-servers: deleted' <(compose run --rm -T --no-deps \
  -e "NATS_URL=nats://operator:$password@nats:4222" registry node deploy/backup/forget-published.mjs)
for proxy in proxy-1 proxy-2; do compose run --rm -T --no-deps $proxy sh -c 'rm -f /data/routes-*.json'; done
check 'all is back' is_up
check 'lethe ls shows what was restored' grep -q demo <(lethe ls)
check 'what was in the dump serves' [ "$(call)" = 200 ]
later=$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $key" "http://localhost:$BALANCER_PORT/servers/later/mcp")
check "what was not is unknown ($later)" [ "$later" = 404 ]

say '--- down and up'
logs_hold_no_secret
compose down > /dev/null 2>&1
began=$SECONDS
check 'up again' is_up
say "        after $((SECONDS - began)) s"
check 'the key and the routes of before serve' [ "$(call)" = 200 ]

say '--- a proxy that starts before the registry, with an empty folder and an empty bus'
compose down > /dev/null 2>&1
docker volume rm "${project}_nats-data" "${project}_proxy-1-data" > /dev/null
compose up -d --no-build proxy-1 > /dev/null 2>&1
sleep 10
check 'it is not ready without routes' [ "$(docker inspect -f '{{.State.Health.Status}}' "$(container proxy-1)")" != healthy ]
began=$SECONDS
check 'it is, once the registry is there' is_up
say "        after $((SECONDS - began)) s"
check 'the key and the routes of before serve' [ "$(call)" = 200 ]

say '--- TLS at the balancer'
mkdir "$work/tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout "$work/tls/key" -out "$work/tls/crt" 2> /dev/null
cat "$work/tls/crt" "$work/tls/key" > "$work/tls/tls.pem"
chmod 755 "$work" "$work/tls"; chmod 644 "$work/tls/tls.pem"
export TLS_FOLDER=$work/tls LETHE_PUBLIC_URL=https://localhost:$TLS_PORT
compose -f docker-compose.yml -f deploy/compose/tls.yml up --wait --no-build > "$work/up.log" 2>&1 || { cat "$work/up.log"; bad 'up with TLS'; }
for version in --http1.1 --http2; do
  check "a call by TLS, $version" [ "$(CURL_OPTIONS="--cacert $work/tls/crt $version" call "https://localhost:$TLS_PORT")" = 200 ]
done

say '--- what the logs hold'
logs_hold_no_secret
check "the balancer's log names the callers" grep -qE ' [0-9a-f.:]+:[0-9]+ POST /servers/demo/mcp 200 ' "$work/logs"

say "--- $failures failed"
exit $((failures > 0))
