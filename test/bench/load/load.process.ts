import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { LoadOrder } from './load.js';

/** The load where wrk is not installed: requests made beforehand over raw sockets, one at a time on each. */
const order: LoadOrder = JSON.parse(process.argv[2] ?? '{}');
const requests = readFileSync(order.file, 'latin1').split('\0').slice(0, -1);
const { hostname, port } = new URL(order.url);
const latencies: number[] = [];
let failed = 0;
let next = 0;
let isOver = false;

/** Where the answer that begins `text` ends; undefined while it is not whole. */
function endOfAnswer(text: string): number | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  if (length === undefined) return text.endsWith('\r\n0\r\n\r\n') ? text.length : undefined;
  const end = headEnd + 4 + Number(length);
  return text.length >= end ? end : undefined;
}

function drive(socket: Socket): void {
  let pending = '';
  let sentAt = 0;
  const send = () => {
    pending = '';
    sentAt = performance.now();
    socket.write(requests[next++ % requests.length] ?? '', 'latin1');
  };
  const broken = () => {
    if (!isOver) failed++;
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('error', broken);
  socket.on('end', broken);
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    if (endOfAnswer(pending) === undefined || isOver) return;
    latencies.push(performance.now() - sentAt);
    if (!pending.startsWith('HTTP/1.1 2')) failed++;
    send();
  });
}

function percentile(share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
}

const startedAt = performance.now();
const sockets = Array.from({ length: order.connections }, () => connect(Number(port), hostname));
for (const socket of sockets) drive(socket);
setTimeout(() => {
  isOver = true;
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  const seen = { calls: latencies.length, failed, seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
  process.send?.(seen);
  process.disconnect?.();
}, order.seconds * 1000);
