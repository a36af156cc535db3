#!/bin/sh
# Makes the trust keys at the first start and copies to each service only the keys that it needs:
#   registry   signs orders and manifests, authenticates its rows
#   connector  signs offers, replies and receipts
#   proxy      seals sessions, checks callers' keys, opens kept credentials (a folder from before them has no such key)
# After `lethe trust rotate <role> /trust/all`, run it again and restart the services.
set -eu
root=${TRUST_ROOT:-/trust}

if [ ! -f "$root/all/trust.json" ]; then
  node dist/apps/cli/src/main.js trust init "$root/all"
fi
give() {
  service=$1
  shift
  for file in "$@" trust.json; do
    if [ "$file" = proxy.kept ] && [ ! -f "$root/all/$file" ]; then continue; fi
    cp -p "$root/all/$file" "$root/$service/$file"
  done
}
give registry registry.sign rows.mac
give connector connector.sign
give proxy callers.mac session.ring proxy.kept
