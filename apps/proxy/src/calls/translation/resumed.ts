import { editObject, isObject, memberText, parseJson, type RpcId } from '@lethe/mcp';
import type { EraTranslation } from './era-translator.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';

/** As `MODERN_TO_LEGACY`, for the rest of a call: its progress is told under the token of the request that goes on with it. */
export function resumed(began: RpcId | undefined, goesOn: RpcId | undefined): EraTranslation {
  return {
    ...MODERN_TO_LEGACY,
    notification: (call, method, json) => {
      const shown = MODERN_TO_LEGACY.notification(call, method, json);
      if (shown === undefined || method !== 'notifications/progress') return shown;
      const params = memberText(shown, 'params') ?? '{}';
      const given = parseJson(params);
      if (goesOn === undefined || !isObject(given) || given['progressToken'] !== began) return undefined;
      return editObject(shown, { params: editObject(params, { progressToken: JSON.stringify(goesOn) }) });
    },
  };
}
