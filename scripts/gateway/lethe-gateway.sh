#!/bin/sh
# The lethe-gateway command of the npm package: becomes the service that its argument names, on the Node.js that
# print-node.mjs chooses. npm's own Node.js runs that: the `node` on the PATH may be one that cannot start.
here=$(dirname "$(readlink -f "$0")")
node=$("${npm_node_execpath:-node}" "$here/print-node.mjs") || exit 1
# glibc raises this limit by itself, and then keeps what large buffers of the start have used.
export MALLOC_MMAP_THRESHOLD_=1048576
exec "$node" --min-semi-space-size=16 "$here/start.mjs" "$@"
