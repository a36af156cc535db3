import type { JsonObject } from '@lethe/contracts';
import type { Message } from '../../text/text.js';
import { FAILED } from './texts.js';

/** What to do, and the values for its placeholders. */
export interface Advice {
  message: Message | undefined;
  values: Record<string, string>;
}

const BY_REASON: Readonly<Record<string, Message>> = {
  credential_required: FAILED.credential_required,
  upstream_rejected_credential: FAILED.upstream_rejected_credential,
  kept_credential_rejected: FAILED.kept_credential_rejected,
  credential_malformed: FAILED.credential_malformed,
  credential_ambiguous: FAILED.credential_ambiguous,
  caller_unknown: FAILED.unauthorized,
  origin_forbidden: FAILED.origin,
  server_disabled: FAILED.off,
  session_unknown: FAILED.session,
  discover_refused: FAILED.era,
  era_refused: FAILED.era,
  version_unsupported: FAILED.era,
};

/** What to do about a failure, by the stable code in the `data` of the error and by the HTTP status. */
export function adviceFor(data: JsonObject | undefined, status: number | undefined): Advice {
  const text = (name: string): string | undefined => {
    const value = data?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const reason = text('reason') ?? '';
  const values = { gateway: text('gateway') ?? '', header: text('header') ?? '', status: text('httpStatus') ?? '' };
  const isForNobody = reason === 'credential_required' && values.header === '';
  const byReason = Object.hasOwn(BY_REASON, reason) ? BY_REASON[reason] : undefined;
  const byStatus = status === 401 ? FAILED.unauthorized : undefined;
  return { message: isForNobody ? FAILED.credential_missing : (byReason ?? byStatus), values };
}
