"""A server of the Python package FastMCP with the tools of the lab."""

import json
import os
from dataclasses import dataclass

from fastmcp import Context, FastMCP

server = FastMCP("fastmcp-python-lab", instructions="Instructions of the FastMCP server")


@server.tool
def echo(text: str) -> str:
    return text


@server.tool
async def count(ctx: Context) -> str:
    counted = (await ctx.get_state("count") or 0) + 1
    await ctx.set_state("count", counted)
    return str(counted)


@dataclass
class Form:
    sure: bool


@server.tool
async def ask(ctx: Context) -> str:
    answer = await ctx.elicit("Really?", response_type=Form)
    return json.dumps({"action": answer.action})


@server.resource("note://one", mime_type="text/plain")
def note() -> str:
    return "a note"


@server.prompt
def greet(who: str) -> str:
    return f"Hello {who}"


server.run(transport="http", host="127.0.0.1", port=int(os.environ["PORT"]), show_banner=False)
