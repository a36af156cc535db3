"""The official Python SDK. Runs the task of argv[1] and prints the results as JSON."""

import asyncio
import json
import sys

from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import ElicitResult


async def answer_form(_context, _params):
    return ElicitResult(action="accept", content={"name": "Ada"})


def connect(url, headers):
    http = create_mcp_http_client(headers=headers)
    return Client(streamable_http_client(url, http_client=http), elicitation_callback=answer_form)


async def use(server, steps, results):
    async with connect(server["url"], server["headers"]) as client:
        cursor = None
        while True:
            page = await client.list_tools(cursor=cursor)
            cursor = page.next_cursor
            if cursor is None:
                break
        for index, step in steps:
            try:
                result = await client.call_tool(step["tool"], step["arguments"])
                results[index] = json.dumps([block.model_dump(mode="json") for block in result.content])
            except Exception as error:
                results[index] = f"{type(error).__name__}: {error}"


def innermost(error):
    """The SDK wraps errors in groups of one."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


async def main(task):
    results = [None] * len(task["steps"])
    for server in task["servers"]:
        steps = [(i, step) for i, step in enumerate(task["steps"]) if step["server"] == server["name"]]
        try:
            await use(server, steps, results)
        except BaseException as error:
            for index, _ in steps:
                results[index] = results[index] or innermost(error)
    print("\n" + json.dumps(results))


asyncio.run(main(json.loads(sys.argv[1])))
