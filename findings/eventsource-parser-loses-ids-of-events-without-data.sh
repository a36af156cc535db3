#!/usr/bin/env bash
# eventsource-parser 4.1.3 does not report an event that has an id and no data, so that its id is lost.
#
# The HTML standard (server-sent events, dispatch of an event) sets the last event ID before it looks at the data: an event of
# only an `id` line moves the point from which a client resumes its stream. Seen: the parser calls no callback for it, and the
# next event does not carry the id either. A client of the MCP Streamable HTTP transport that takes its resumption point from
# this parser resumes from an earlier event. With an empty `data` line (MCP's priming event) the id is reported.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact eventsource-parser@4.1.3 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { createParser } from 'eventsource-parser';

function read(stream) {
  const calls = [];
  const note = (name) => (value) => calls.push([name, value]);
  const parser = createParser({
    onEvent: note('event'),
    onRetry: note('retry'),
    onComment: note('comment'),
    onError: note('error'),
  });
  parser.feed(stream);
  return calls;
}

const results = {
  'id: 7, no data, then an event': read('id: 7\n\ndata: x\n\n'),
  'id: 8, empty data': read('id: 8\ndata:\n\n'),
};
console.log('eventsource-parser 4.1.3, Node.js', process.version);
for (const [name, calls] of Object.entries(results)) console.log(`${name}:`, JSON.stringify(calls));
const isAsSeen =
  JSON.stringify(Object.values(results)) === '[[["event",{"data":"x"}]],[["event",{"id":"8","data":""}]]]';
if (!isAsSeen) console.log('CHANGED: before, the first stream reported one event without an id');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
