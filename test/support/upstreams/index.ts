export { addAskingTools } from './asking-tools.js';
export { type DriftingTool, type DriftingUpstream, startDriftingUpstream } from './drifting-upstream.js';
export { startEverythingUpstream } from './everything-upstream.js';
export { addInputRequiredTools } from './input-required-tools.js';
export { startModernUpstream } from './modern-upstream.js';
export {
  startScriptedUpstream,
  type ScriptedExchange,
  type ScriptedMessage,
  type UpstreamScript,
} from './scripted-upstream.js';
export { initializeResult, legacyScript, type LegacyScript } from './legacy-script.js';
export type { RecordedRequest, Upstream, UpstreamLock } from './recorded-request.js';
export { countingScript, type CountingScript } from './counting-script.js';
export { forgetfulScript, type ForgetfulScript } from './forgetful-script.js';
export { beginEvents, messageEvent, pour } from './flood.js';
export { UNKNOWN_SESSION_ANSWERS, WRONG_CALL_ANSWERS } from './unknown-session-answers.js';
export { ACCEPTED, REFUSED, REFUSED_BY_LETHE, REFUSED_BY_SCHEMAS, type OddResponse } from './odd-responses.js';
export { oddScript } from './odd-script.js';
export { sseScript, type SseOptions } from './sse-script.js';
export { holdingScript, type HoldingScript } from './holding-script.js';
export { type DualScript, dualScript, type EraScript } from './dual-script.js';
export { DECEPTIVE_TEXT, HARMLESS_URL, HOSTILE_WAYS, hostileScript } from './hostile-script.js';
export { DANGEROUS_URLS, NOT_ITS_OWN, notification, urlElicitation } from './hostile-messages.js';
