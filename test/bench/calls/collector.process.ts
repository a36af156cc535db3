import { once } from 'node:events';
import { createServer } from 'node:http';
import { answerBenchmark } from './answering.js';

/** An OpenTelemetry collector that takes everything and keeps nothing. */
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;
answerBenchmark({ url: `http://127.0.0.1:${port}` });
