#!/bin/sh
# Starts the service of `APP` with core dumps off: credentials pass through its memory. The limit stops files. The filter
# leaves memory out of what the kernel pipes to a program, for which it ignores a limit of 0 (core(5)). SIGUSR1 opens no inspector.
set -eu
ulimit -c 0
if [ -w /proc/self/coredump_filter ]; then echo 0 > /proc/self/coredump_filter; fi
# glibc raises this limit by itself, and then keeps what large buffers of the start have used.
export MALLOC_MMAP_THRESHOLD_=1048576
exec node --disable-sigusr1 --min-semi-space-size=16 deploy/image/start.mjs
