#!/bin/sh
# Every npm script begins with this. npm's own Node.js runs it: the `node` on the PATH of a script may be one that cannot start.
exec "${npm_node_execpath:-node}" "$(dirname "$0")/link-node.mjs"
