import { editObject, isIdOf, isObject, memberText, parseJson, type RpcId } from '@lethe/mcp';
import type { EraTranslation } from './era-translation.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';

/**
 * `MODERN_TO_LEGACY` for a resumed call. The upstream reports progress with the token of the first request; the client
 * expects the token of the request that resumes the call.
 */
export function resumedTranslation(upstreamToken: RpcId | undefined, clientToken: RpcId | undefined): EraTranslation {
  return {
    ...MODERN_TO_LEGACY,
    notification: (call, method, json) => {
      const forwarded = MODERN_TO_LEGACY.notification(call, method, json);
      if (forwarded === undefined || method !== 'notifications/progress') return forwarded;
      const paramsJson = memberText(forwarded, 'params') ?? '{}';
      const params = parseJson(paramsJson);
      if (clientToken === undefined || upstreamToken === undefined || !isObject(params)) return undefined;
      if (!isIdOf(params['progressToken'], upstreamToken)) return undefined;
      return editObject(forwarded, { params: editObject(paramsJson, { progressToken: JSON.stringify(clientToken) }) });
    },
  };
}
