import type { GatewayChange } from '../../api/gateway-changes.js';
import type { Gateway } from '../../api/gateways.js';

type Mapping = Gateway['passthroughHeaders'][number];

/** A passthrough header as it is edited. */
export interface HeaderFields {
  header: string;
  required: boolean;
  scheme: NonNullable<Mapping['scheme']> | '';
  /** The query parameter that the upstream gets it in; empty for the header itself. */
  query: string;
}

/** Limits as they are typed; empty for none. */
export interface LimitFields {
  concurrent: string;
  failures: string;
  openSeconds: string;
}

/** What of a gateway the form edits, as people type it. */
export interface GatewayFields {
  name: string;
  description: string;
  /** Separated by commas or spaces. */
  tags: string;
  passthroughHeaders: HeaderFields[];
  listing: Gateway['listing'];
  drift: Gateway['drift'];
  limits: LimitFields;
  tlsCa: string;
  trustHints: boolean;
}

/** A gateway as the form shows it. */
export function fieldsOf({
  name,
  description,
  tags,
  listing,
  drift,
  limits,
  tlsCa,
  trustHints,
  ...rest
}: Gateway): GatewayFields {
  // What waits for a verification is what is edited further.
  const { passthroughHeaders } = rest.pending ?? rest;
  return {
    ...{ name, listing, drift, trustHints },
    description: description ?? '',
    tags: tags.join(', '),
    passthroughHeaders: passthroughHeaders.map(toHeaderFields),
    limits: {
      concurrent: typed(limits?.concurrent),
      failures: typed(limits?.breaker?.failures),
      openSeconds: typed(limits?.breaker?.openSeconds),
    },
    tlsCa: tlsCa ?? '',
  };
}

/** The changes of the form as the admin API takes them. */
export function toChange({
  description,
  tags,
  passthroughHeaders,
  limits,
  tlsCa,
  ...same
}: Partial<GatewayFields>): GatewayChange {
  return {
    ...same,
    ...(description !== undefined && { description: description.trim() === '' ? null : description }),
    ...(tags !== undefined && { tags: tags.split(/[\s,]+/).filter((tag) => tag !== '') }),
    ...(passthroughHeaders && { passthroughHeaders: passthroughHeaders.map(toMapping) }),
    ...(limits && { limits: toLimits(limits) }),
    ...(tlsCa !== undefined && { tlsCa: tlsCa.trim() === '' ? null : tlsCa }),
  };
}

function toHeaderFields({ header, required = false, scheme, to }: Mapping): HeaderFields {
  return { header, required, scheme: scheme ?? '', query: to?.query ?? '' };
}

function toMapping({ header, required, scheme, query }: HeaderFields): Mapping {
  return {
    header: header.trim(),
    ...(required && { required }),
    ...(scheme !== '' && { scheme }),
    ...(query.trim() !== '' && { to: { query: query.trim() } }),
  };
}

function toLimits({ concurrent, failures, openSeconds }: LimitFields): GatewayChange['limits'] {
  const hasBreaker = failures !== '' || openSeconds !== '';
  if (concurrent === '' && !hasBreaker) return null;
  return {
    ...(concurrent !== '' && { concurrent: Number(concurrent) }),
    ...(hasBreaker && {
      breaker: {
        failures: failures === '' ? DEFAULT_BREAKER.failures : Number(failures),
        openSeconds: openSeconds === '' ? DEFAULT_BREAKER.openSeconds : Number(openSeconds),
      },
    }),
  };
}

/** What proxies do without a limit of their own. */
export const DEFAULT_BREAKER = { failures: 5, openSeconds: 10 } as const;

function typed(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
