#!/bin/bash
# Builds the image and checks what docs/operations/deploy.md says of it. Needs an engine with compose v2, and Node.js to read the
# lock file; a few minutes. It removes its containers at the end and leaves the image.
# Usage: deploy/image/check.sh [--no-build]    (with it, the image is there already)
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(node -p 'JSON.parse(fs.readFileSync("package.json")).version')
image=lethe:$version
container=lethe-image-check
failures=0

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
check() {
  local what=$1; shift
  if "$@"; then say "ok      $what"; else say "FAILED  $what"; failures=$((failures + 1)); fi
}
equal() { [ "$1" = "$2" ] || { say "        $1, and not $2"; false; }; }
none() { [ -z "$1" ] || { say "        $(head -n 5 <<< "$1")"; false; }; }
facts() { docker image inspect -f "$1" "$image"; }
# Runs a command in the image.
inside() { docker run --rm --network none --entrypoint "$1" "$image" "${@:2}"; }
clean_up() { docker rm -f "$container" > /dev/null 2>&1 || true; }
trap clean_up EXIT

if [ "${1:-}" != --no-build ]; then
  # Compose asks for the passwords of the services before it does anything.
  env=$(mktemp)
  sed -nE 's/.*\$\{([A-Z_]+):\?\}.*/\1=none/p' docker-compose.yml | sort -u > "$env"
  docker compose --env-file "$env" build --build-arg "VERSION=$version" --build-arg "REVISION=$(git rev-parse HEAD)" \
    --build-arg SOURCE=https://example.com/lethe registry
  rm "$env"
fi

say '--- what it says of itself'
check 'its user is not root' equal "$(facts '{{.Config.User}}')" node
check 'it starts with core dumps off' equal "$(facts '{{json .Config.Cmd}}')" '["/bin/sh","deploy/image/start.sh"]'
check 'it has a health check' equal "$(facts '{{index .Config.Healthcheck.Test 2}}')" deploy/image/healthcheck.mjs
check 'it opens no port by itself' equal "$(facts '{{len .Config.ExposedPorts}}')" 0
for label in title description version revision source licenses; do
  value=$(facts "{{index .Config.Labels \"org.opencontainers.image.$label\"}}")
  check "label $label: $value" [ -n "$value" ]
done
if [ "${1:-}" != --no-build ]; then
  check 'the version and the revision are those of the build' \
    equal "$(facts '{{index .Config.Labels "org.opencontainers.image.version"}} {{index .Config.Labels "org.opencontainers.image.revision"}}')" \
    "$version $(git rev-parse HEAD)"
fi

say '--- what is in it'
seen=$(facts '{{json .Config.Env}}'; docker history --no-trunc --format '{{.CreatedBy}}' "$image")
check 'no secret in its variables or its history' none "$(grep -iE '(password|secret|token|passwd)[a-z_]*=' <<< "$seen" || true)"
check 'no private key' none "$(inside grep -rlE -e '-----BEGIN ([A-Z]+ )?PRIVATE KEY-----$' /lethe/dist /lethe/deploy /lethe/scripts /config /data /trust || true)"
check 'no file of a checkout: .env, .git, .npmrc, sources, tests' \
  none "$(inside find /lethe -not -path '*/node_modules/*' \( -name '.*' -o -name '*.spec.*' -o -name '*.ts' -o -name tsconfig.json \))"
# What only development needs, by the lock file.
dev=$(node -p 'Object.entries(JSON.parse(fs.readFileSync("package-lock.json")).packages).filter(([, one]) => one.dev || one.devOptional).map(([path]) => path).join(" ")')
check "none of the $(wc -w <<< "$dev") packages that only development needs" none "$(inside sh -c 'ls -d $0 2> /dev/null' "$dev" || true)"
check 'no Node.js but that of the base image' none "$(inside find /lethe -type f -name node -perm -u+x)"
check 'the licences of what it contains' inside test -s /lethe/LICENSE -a -s /lethe/dist/THIRD_PARTY_LICENSES
check 'the compiled code of the handshake process' inside test -s /lethe/dist/handshake-child/code.cache -a -s /lethe/dist/handshake-child/handshake.cache
check 'the compiled code of the services' inside sh -c 'ls /lethe/dist/apps/*/src/main.cjs.* | wc -l | grep -qx 4'
check 'what is bundled' inside test -s /lethe/dist/bundled.cdx.json
check 'the console' inside test -s /lethe/dist/console/index.html.br
check 'nothing of it can be changed by its user' none "$(inside find /lethe -writable)"
check 'its own folders are for its user alone' \
  equal "$(inside stat -c '%U %a' /config /data /trust | sort -u)" 'node 700'
bytes() { docker image inspect -f '{{.Size}}' "$1"; }
base=$(sed -nE 's/^ARG NODE_IMAGE=//p' Dockerfile)
own=$((($(bytes "$image") - $(bytes "$base")) / 1000000))
check "$own MB more than $base (at most 160)" [ $own -le 160 ]

say '--- running, with nothing allowed that compose does not allow'
run() {
  docker run -d --name "$container" --read-only --cap-drop ALL --security-opt no-new-privileges --network none \
    --tmpfs /tmp --tmpfs /data:uid=1000,gid=1000,mode=0700 "$@" "$image" > /dev/null
}
token=DEMO_TOKEN_SHA256=me:$(printf '%064d' 0)
health() { docker inspect -f '{{.State.Health.Status}}' "$container"; }
becomes_healthy() {
  for _ in $(seq 60); do
    [ "$(health)" != healthy ] || return 0
    sleep 1
  done
  docker logs "$container" 2>&1 | tail -n 5
  return 1
}
for app in standalone demo-upstream; do
  run -e "APP=$app" -e "$token"
  check "$app becomes healthy with a read-only root" becomes_healthy
  check 'as user 1000' equal "$(docker exec "$container" id -u)" 1000
  check 'without core dumps' equal "$(docker exec "$container" sh -c "awk '/core file/ { print \$5, \$6 }' /proc/1/limits; cat /proc/1/coredump_filter" | xargs)" '0 0 00000000'
  began=$SECONDS
  docker stop --timeout 20 "$container" > /dev/null
  took=$((SECONDS - began))
  check "it ends by itself at SIGTERM, after $took s" equal "$(docker inspect -f '{{.State.ExitCode}}' "$container")" 0
  clean_up
done
run -e APP=demo-upstream -e "$token" -e DEMO_UPSTREAM_PORT=4901
check 'the health check asks the port that is set' becomes_healthy
clean_up
run -e APP=nothing || true
for _ in 1 2 3 4 5; do [ "$(docker inspect -f '{{.State.Running}}' "$container")" = true ] || break; sleep 1; done
check 'a service that does not exist is refused' equal "$(docker inspect -f '{{.State.ExitCode}}' "$container")" 2
check 'with a line that names those that do' grep -q '^APP: must be one of registry, connector, proxy' <(docker logs "$container" 2>&1)

say "--- $failures failed"
exit $((failures > 0))
