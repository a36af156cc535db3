// The "client" that the harness starts: tells the test that started the harness where the scenario's server is, and ends
// when the test has played the client's part.
const [port, url] = process.argv.slice(2);
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
await fetch(`http://127.0.0.1:${port}`, {
  method: 'POST',
  body: JSON.stringify({ url, context }),
  signal: AbortSignal.timeout(60_000),
});
