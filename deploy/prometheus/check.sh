#!/bin/sh
# Checks prometheus.yml, the alert rules with their tests, and the queries of the dashboard with promtool. Takes Go, or a
# promtool that is there already: PROMTOOL=promtool sh deploy/prometheus/check.sh
set -eu
cd "$(dirname "$0")"
version=v0.316.0 # of the Go module; Prometheus itself calls it 3.16.0. The tag leaves out clouds, and most of the build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${PROMTOOL:-}" ]; then
  GOBIN="$work" go install -tags remove_all_sd "github.com/prometheus/prometheus/cmd/promtool@$version"
  PROMTOOL="$work/promtool"
fi
"$PROMTOOL" check config prometheus.yml
"$PROMTOOL" check rules --lint-fatal alerts.yml
"$PROMTOOL" test rules alerts.test.yml
# Grafana fills in its own interval.
sed -n 's/^ *"expr": "\(.*\)",*$/\1/p' ../grafana/lethe.json | sed 's/\\"/"/g; s/\$__rate_interval/1m/g' >"$work/queries"
[ -s "$work/queries" ]
while IFS= read -r query; do "$PROMTOOL" --experimental promql format "$query" >/dev/null; done <"$work/queries"
echo "$(wc -l <"$work/queries") queries of the dashboard can be parsed"
