import { isObject, showHidden } from '@lethe/mcp';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import type { ReactNode } from 'react';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Notice } from '../../ui/notice.js';
import { Refused } from './client/trial.js';
import { adviceFor } from './advice.js';
import { FAILED } from './texts.js';

interface FailureProps {
  error: unknown;
  title: string;
}

/** What went wrong with a call or a connection, and what to do. */
export function Failure({ error, title }: FailureProps): ReactNode {
  const { text } = useFormats();
  const isRefused = error instanceof Refused;
  const { message, values } = adviceFor(isRefused ? error.data : undefined, isRefused ? error.status : undefined);
  const said = isRefused ? error.message : undefined;
  return (
    <Notice tone="bad" title={title}>
      {message && <p>{text(message, shown(values))}</p>}
      {!message && !isRefused && <p>{text(FAILED.unreachable)}</p>}
      {said !== undefined && <Verbatim isLong>{text(FAILED.said, { message: said })}</Verbatim>}
      {isRefused && <Reason error={error} />}
    </Notice>
  );
}

function Reason({ error: { code, data } }: { error: Refused }): ReactNode {
  const { text } = useFormats();
  const reason = typeof data['reason'] === 'string' ? `${data['reason']} (${code})` : String(code);
  return (
    <p>
      <code>{text(FAILED.code, { code: showHidden(reason) })}</code>
    </p>
  );
}

/** The error of Lethe within a tool's result, which tells it to models: `_meta["lethe/error"]`. */
export function toldError(result: JsonObject): JsonObject | undefined {
  const meta: JsonValue | undefined = result['_meta'];
  const told = isObject(meta) ? meta['lethe/error'] : undefined;
  return isObject(told) ? told : undefined;
}

function shown(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, showHidden(value)]));
}
