import { texts } from '../../text/text.js';

/** Texts of the wait for a client's first call. */
export const FIRST_CALL = texts('firstCall', {
  waiting: 'Waiting for your client…',
  waitingLead:
    'Start the client, or start it again, and let it list or call a tool. Its first call appears here within a few seconds.',
  connected: '{client} is connected',
  someClient: 'Your client',
  connectedLead: 'Its calls arrive, and the last one was answered.',
  failing: '{client} has reached Lethe, but a call failed',
  calls: 'Its calls, newest first',
  ms: '{ms, number, ::.#} ms',
  activity: 'All its calls',
  try: 'Call a tool in this page',
  off: 'This virtual server is switched off: proxies answer 503 to every call.',
  nothing: 'This virtual server serves nothing yet. A client connects, and finds no tool.',
  noProxy: 'No proxy is alive: no client can reach anything now.',
  loopback: 'The address {host} is this machine alone: a client on another machine reaches nothing by it.',
  open: 'Look at the virtual server',
  checksTitle: 'Nothing has come yet? Check in this order',
  restarted: 'Has the client been started again? Most read their configuration and their variables only at the start.',
  variable:
    'Does its environment have the key? In the terminal that starts the client, this prints the beginning of it, which is no secret:',
  reach:
    'Does its machine reach the proxies? 401 means yes, only without a key. Nothing, 000 or another page means that the address does not lead to Lethe:',
  refused:
    'Does the client tell of 401? Then the key is cut, is another one, or is for other virtual servers. Calls without a valid key are in no list.',
  log: 'Does the client tell of nothing at all? Look whether it knows the server by its name {slug}: some read another file, or ask first whether to trust it.',
  command: 'Command to check',
  credential_required:
    'The call had no credential for {gateway}. Set {variables} in the environment of the client, and start it again. With lethe bridge, sign in by lethe login.',
  credential_malformed:
    'The credential for {gateway} does not have the form that it takes. Look at {variables}: a token alone, without Bearer in front, unless the list above says so.',
  upstream_rejected_credential:
    '{gateway} did not accept the credential. It may have ended, or lack a permission. Get a new one, set {variables}, and start the client again.',
  kept_credential_rejected:
    '{gateway} did not accept the credential that is kept for it. An administrator has to keep a new one; nothing is wrong with the client.',
  kept_credential_only: 'For {gateway} a credential is kept, and nobody else’s is accepted: leave out {variables}.',
  kept_not_granted:
    'The credential kept for {gateway} is not granted to this caller. Give the key a role that has it, or send an own credential.',
  credential_ambiguous:
    'The short header names no gateway here. Take the configuration above: it names each header exactly.',
  gateway_unavailable: '{gateway} is switched off or not verified. Nothing is wrong with the client.',
  upstream_unreachable: '{gateway} did not respond. Nothing is wrong with the client: look at the gateway.',
  upstream_failed:
    '{gateway} answered with something that is no MCP. Nothing is wrong with the client: look at the gateway.',
  rate_limited: 'The limit of calls for this caller is reached. It works again when the client has waited.',
  item_unknown:
    'The client asked for a tool that this caller does not have. Its list may be old: start it again. Or a grant is missing.',
  other: 'The code is {code}.',
  noVariables: 'its credential',
  theGateway: 'the gateway',
});
