#!/usr/bin/env bash
# MCP Go SDK 1.8.0: a server with sessions, the default, answers server/discover of 2026-07-28 and serves no other request of it.
#
# The default StreamableHTTPHandler answers `server/discover` with HTTP 200 and a result in the form of 2026-07-28 (`resultType`,
# `ttlMs`, `cacheScope`), whose `supportedVersions` names 2025-11-25 and older ones only. The next request of that version,
# `tools/list`, gets HTTP 400 and -32022. So a client may not conclude from a discover result that the server speaks the version it
# was asked in: it has to read `supportedVersions`, and must fall back to `initialize` after a success. With `Stateless: true` the
# same server names 2026-07-28 and lists.
set -euo pipefail
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
cd "$tmp"
export GOPATH=$tmp/go GOFLAGS=-mod=mod
cat >go.mod <<'MOD'
module finding

go 1.25

require github.com/modelcontextprotocol/go-sdk v1.8.0
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type none struct{}

func serve(options *mcp.StreamableHTTPOptions) int {
	server := mcp.NewServer(&mcp.Implementation{Name: "s", Version: "1"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "ping"}, func(context.Context, *mcp.CallToolRequest, none) (*mcp.CallToolResult, any, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "pong"}}}, nil, nil
	})
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, options)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, handler)
	return listener.Addr().(*net.TCPAddr).Port
}

func main() {
	fmt.Println(serve(nil), serve(&mcp.StreamableHTTPOptions{Stateless: true}))
	select {}
}
GO
go mod tidy >/dev/null 2>&1
go build -o server .
./server >ports &
server=$!
while [ ! -s ports ]; do sleep 0.1; done
read -r sessions stateless <ports

ask() { # port, method
  local meta='{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'
  curl -s -m 20 -w ' HTTP %{http_code}' "http://127.0.0.1:$1/" -H 'content-type: application/json' \
    -H 'accept: application/json, text/event-stream' -H 'mcp-protocol-version: 2026-07-28' -H "mcp-method: $2" \
    -d '{"jsonrpc":"2.0","id":1,"method":"'"$2"'","params":{"_meta":'"$meta"'}}'
}
versions() { grep -o '"supportedVersions":\[[^]]*\]' <<<"$1"; }
discovered=$(ask "$sessions" server/discover)
listed=$(ask "$sessions" tools/list)
other=$(ask "$stateless" server/discover)
other_listed=$(ask "$stateless" tools/list)
echo "go-sdk 1.8.0, $(go version | cut -d' ' -f3)"
echo "with sessions: server/discover $(versions "$discovered"), ${discovered##* HTTP }; tools/list ${listed##* HTTP }"
echo "stateless:     server/discover $(versions "$other"), ${other##* HTTP }; tools/list ${other_listed##* HTTP }"
changed() { echo "CHANGED: $1" && exit 1; }
[ "${discovered##* HTTP }" = 200 ] || changed 'server/discover is refused'
grep -q '"resultType":"complete"' <<<"$discovered" || changed 'the result has no resultType'
versions "$discovered" | grep -q 2026-07-28 && changed 'it names 2026-07-28'
grep -q -- '-32022' <<<"$listed" || changed 'tools/list is not refused by -32022'
versions "$other" | grep -q 2026-07-28 || changed 'stateless: it does not name 2026-07-28'
[ "${other_listed##* HTTP }" = 200 ] || changed 'stateless: tools/list is refused'
