import { readFile } from 'node:fs/promises';
import { type Socket, SocketAddress } from 'node:net';

const FILES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];

/** Bytes that the kernel has for each connection and that its peer has not confirmed. */
export interface KernelQueues {
  /** Undefined where the system does not tell. */
  of(socket: Socket): number | undefined;
}

/**
 * Reads the send queues of all TCP connections of this process's network. Linux only: elsewhere nothing is known. Node.js
 * knows only what it handed to the kernel, which takes megabytes and then nothing for minutes from a slow but steady reader.
 */
export async function readKernelQueues(): Promise<KernelQueues> {
  const texts = await Promise.all(FILES.map((file) => readFile(file, 'utf8').catch(() => '')));
  const queues = new Map(texts.flatMap((text) => text.split('\n').slice(1)).flatMap(rowOf));
  return { of: ({ localPort, remoteAddress, remotePort }) => queues.get(keyOf(localPort, remoteAddress, remotePort)) };
}

/** `sl local_address rem_address st tx_queue:rx_queue ...`, all in hexadecimal. */
function rowOf(line: string): [key: string, bytes: number][] {
  const [, local = '', remote = '', , queues = ''] = line.trim().split(/\s+/);
  const [address = '', port = ''] = remote.split(':');
  if (queues === '') return [];
  const localPort = Number.parseInt(local.split(':')[1] ?? '', 16);
  const key = keyOf(localPort, textOf(address), Number.parseInt(port, 16));
  return [[key, Number.parseInt(queues, 16)]];
}

function keyOf(localPort?: number, remoteAddress?: string, remotePort?: number): string {
  return `${localPort} ${remoteAddress?.replace(/%.*$/, '')} ${remotePort}`;
}

/** The kernel writes an address as words of 32 bits in the byte order of the machine, which is little-endian everywhere. */
function textOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].toReversed());
  if (bytes.length === 4) return bytes.join('.');
  const address = (Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).join(':');
  return new SocketAddress({ family: 'ipv6', address }).address;
}
