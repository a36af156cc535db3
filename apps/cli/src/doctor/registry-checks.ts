import type { CliError } from '../errors/cli.error.js';
import type { StatusResponse } from '../registry/inspection-responses.js';
import { countText } from '../terminal/printable.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** A larger difference makes slot offers and tokens seem expired, or not valid yet. */
const MAX_SKEW_SECONDS = 30;

const READY_TEXTS: Record<string, { name: string; todo: string }> = {
  database: { name: 'PostgreSQL', todo: 'Look at the database, and at DATABASE_URL of the registry' },
  bus: { name: 'the message bus', todo: 'Look at NATS, and at NATS_URL of the registry' },
  running: { name: 'the registry', todo: 'It is shutting down: start it again' },
};

/** A failure that ends the examination, as a finding. */
export function failureFinding(check: string, { message, code, notes }: CliError): Finding {
  return problem(check, `${message} (${code})`, notes[0] ?? 'Look at the log of the registry');
}

/** What `/readyz` of the registry says. */
export function readinessFindings(checks: Record<string, boolean>): Finding[] {
  const failed = Object.entries(checks).filter(([, holds]) => !holds);
  if (failed.length === 0) return [ok('readiness', 'The registry is ready: database and bus answer')];
  return failed.map(([name]) => {
    const { name: part, todo } = READY_TEXTS[name] ?? { name, todo: 'Look at the log of the registry' };
    return problem('readiness', `The registry says that ${part} does not work`, todo);
  });
}

/** Versions and clocks of both ends. */
export function versionFindings({ version, at }: StatusResponse, own: string, now: Date): Finding[] {
  const skew = Math.round((now.getTime() - Date.parse(at)) / 1000);
  return [
    version === own
      ? ok('version', `Command and registry have version ${version}`)
      : warning(
          'version',
          `The command has version ${own}, the registry ${version}`,
          'Use the command of the same version: see docs/operations/upgrade.md',
        ),
    Math.abs(skew) <= MAX_SKEW_SECONDS
      ? ok('clock', 'The clocks of this machine and of the registry agree')
      : problem(
          'clock',
          `The clock here is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} that of the registry`,
          'Synchronise both clocks (NTP): credentials are sealed for 60 s',
        ),
  ];
}

/** Whether the keys of connectors are pinned, and are those of today. */
export function trustFindings(active: readonly string[], pinned: readonly string[]): Finding[] {
  if (active.length === 0) {
    return [problem('trust', 'The registry knows no key of a connector', 'Look at LETHE_TRUST of the registry')];
  }
  if (pinned.length === 0) {
    const todo = 'The first lethe verify pins it; compare it then with lethe trust show on the machine of the registry';
    return [warning('trust', "The connectors' key is not pinned on this machine yet", todo)];
  }
  if (active.some((fingerprint) => pinned.includes(fingerprint))) {
    return [ok('trust', "The connectors' key is the one that is pinned on this machine")];
  }
  const todo =
    'Compare it with lethe trust show there, then: lethe verify <gateway> --connector-fingerprint <fingerprint>';
  return [problem('trust', "The connectors' key is not the one that is pinned on this machine", todo)];
}

/** Whether connectors are there, with free slots. */
export function connectorFindings({ connectors: { live, freeSlots, lentSlots } }: StatusResponse): Finding[] {
  if (live === 0) {
    return [problem('connectors', 'No connector has announced itself within the last minute', 'Start a connector')];
  }
  if (freeSlots === 0) {
    const todo = 'Finish the verifications that wait for a credential, or wait until they expire';
    return [warning('connectors', `No slot is free: ${lentSlots} are lent`, todo)];
  }
  return [ok('connectors', `${countText(live, 'connector')} with ${countText(freeSlots, 'free slot')}`)];
}

/** Whether proxies are there, and serve what is published. */
export function proxyFindings({ proxies, revision }: StatusResponse): Finding[] {
  if (proxies.length === 0) {
    return [problem('proxies', 'No proxy has reported to the registry', 'Start a proxy; one reports every 15 s')];
  }
  const behind = proxies.filter(({ confirmedRevision }) => confirmedRevision !== null && confirmedRevision < revision);
  const unknown = proxies.filter(({ confirmedRevision }) => confirmedRevision === null);
  if (behind.length > 0) {
    const text = `Not at revision ${revision} when they were last compared: ${hostsOf(behind)}`;
    return [warning('proxies', text, 'Run it again in 15 s; if it stays so, look at the log of that proxy')];
  }
  if (unknown.length > 0) {
    const text = `It is not known yet what the proxies on ${hostsOf(unknown)} serve`;
    return [warning('proxies', text, 'Run it again in 15 s')];
  }
  return [ok('proxies', `Every proxy (${proxies.length}) serves revision ${revision}`)];
}

/** @param httpStatus what the URL of the proxies answered; undefined if nothing did */
export function publicUrlFindings(url: string | undefined, isSetting: boolean, httpStatus?: number): Finding[] {
  if (url === undefined) {
    const todo = 'Set LETHE_PUBLIC_URL of registry and proxies to it; configurations of clients begin with it';
    return [warning('public-url', 'It is not known where clients reach the proxies', todo)];
  }
  if (httpStatus === undefined) {
    const todo = isSetting
      ? 'Look at what stands in front of the proxies, and at LETHE_PUBLIC_URL'
      : 'Look at the proxy that this Lethe runs';
    return [problem('public-url', `Nothing answers from here at ${url}`, todo)];
  }
  return [ok('public-url', `The proxies answer at ${url}`)];
}

function hostsOf(proxies: readonly { host: string }[]): string {
  return [...new Set(proxies.map(({ host }) => host))].join(', ');
}
