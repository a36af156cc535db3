#!/usr/bin/env bash
# npm 11.19.1 and 10.9.9: `npm sbom --omit dev` leaves out production packages that development needs too.
#
# Expected: the SBOM of what is installed by `npm ci --omit dev`. Seen: a package is left out as soon as some development
# package depends on it as well, and with it what it needs: of 255 production packages of this project 89 remained. Nothing
# is reported. Do not omit: make the SBOM of a lock file that has only production packages.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"name":"x","version":"1.0.0","dependencies":{"ajv":"8.20.0"},"devDependencies":{"ajv-formats":"3.0.1"}}' >package.json
npm install --package-lock-only --silent --no-audit --no-fund
names() { npm sbom --sbom-format cyclonedx --package-lock-only "$@" | grep -o '"name": "ajv"' || true; }
[ -n "$(names)" ] || { echo 'ajv is missing even without --omit'; exit 1; }
if [ -z "$(names --omit dev)" ]; then echo 'seen: ajv, a production dependency, is missing'; else echo 'not seen: ajv is there'; fi
