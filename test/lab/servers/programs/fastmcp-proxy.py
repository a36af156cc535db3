"""FastMCP as a proxy of a server of the legacy era that keeps sessions."""

import os

from fastmcp.server import create_proxy

server = create_proxy(os.environ["TARGET"], name="fastmcp-proxy-lab")
server.run(transport="http", host="127.0.0.1", port=int(os.environ["PORT"]), show_banner=False)
