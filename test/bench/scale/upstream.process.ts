import { legacyScript, startScriptedUpstream } from '../../support/upstreams/index.js';
import { answerQuestions } from './child.js';

/** A legacy upstream without sessions and with as many tools as the first argument says, which answers at once. */
const tools = Array.from({ length: Number(process.argv[2] ?? 20) }, (_, n) => ({
  name: `tool-${n}`,
  description: `Does what tool ${n} does`,
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}));
let ownMs = 0;
const script = legacyScript({
  results: { 'tools/list': { tools }, 'tools/call': { content: [{ type: 'text', text: 'done' }] } },
});
const upstream = await startScriptedUpstream((exchange) => {
  const begun = performance.now();
  exchange.response.once('finish', () => (ownMs += performance.now() - begun));
  return script(exchange);
});

answerQuestions({
  url: () => upstream.url,
  /** Time spent on requests since it was last asked. */
  ownMs: () => {
    const spent = ownMs;
    ownMs = 0;
    upstream.received.length = 0;
    return spent;
  },
});
