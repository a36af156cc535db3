#!/usr/bin/env bash
# FastMCP (Python) 4.2.3 as a proxy of an older MCP server shows a client of 2026-07-28 no tools, and no error.
#
# Expected: a proxy that answers `server/discover` can serve the version that it offers, or says why not. Seen: to a client that
# negotiates (the default of FastMCP's own one) the proxy offers 2026-07-28, and then speaks that version to the server behind it
# without asking. The server refuses, and the proxy makes an empty list of it; only its log has a warning. Without the proxy the
# same client falls back to 2025-11-25 and gets the tool. So does, through the proxy, a client that begins with `initialize`. With
# `create_proxy(..., mode="auto")` the proxy negotiates with the server on its own, and both clients get the tool.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv older && older/bin/pip install --quiet --disable-pip-version-check mcp==1.30.0 2>/dev/null
python3 -m venv newer && newer/bin/pip install --quiet --disable-pip-version-check fastmcp==4.2.3 mcp==2.3.0 2>/dev/null
cat >server.py <<'PY'
from mcp.server.fastmcp import FastMCP

server = FastMCP("older")


@server.tool()
def hello() -> str:
    return "hello"


server.run()
PY
cat >proxy.py <<'PY'
import json
import sys

from fastmcp.client.transports import StdioTransport
from fastmcp.server import create_proxy

port, options = int(sys.argv[1]), json.loads(sys.argv[2])
proxy = create_proxy(StdioTransport("older/bin/python", ["server.py"]), name="proxy", **options)
proxy.run(transport="http", host="127.0.0.1", port=port, show_banner=False)
PY
cat >check.py <<'PY'
import asyncio
import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import sleep

from fastmcp import Client
from fastmcp.client.transports import StdioTransport


async def seen(target, mode):
    async with Client(target, mode=mode) as client:
        return client.protocol_version, [tool.name for tool in await client.list_tools()]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_proxy(options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "proxy.py", str(port), json.dumps(options)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if is_listening(port) or process.poll() is not None:
                break
            sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait()


print(f"fastmcp {version('fastmcp')}, mcp {version('mcp')}, server of mcp 1.30.0, Python {sys.version.split()[0]}")
rows = []


def show(what, target, mode):
    protocol_version, tools = asyncio.run(seen(target, mode))
    print(f"{what}, client mode {mode}: {protocol_version}, tools {tools}")
    rows.append((protocol_version, tools))


direct = StdioTransport("older/bin/python", ["server.py"], log_file=Path("server.log"))
show("no proxy", direct, "auto")
for options in ({}, {"mode": "auto"}):
    with running_proxy(options) as url:
        for mode in ("auto", "legacy"):
            show(f"proxy {options}", url, mode)
older, newer = "2025-11-25", "2026-07-28"
before = [(older, ["hello"]), (newer, []), (older, ["hello"]), (newer, ["hello"]), (older, ["hello"])]
if rows != before:
    print("CHANGED: before, all but the second listed hello")
    sys.exit(1)
PY
newer/bin/python check.py
