import { type SettingRow, type Settings, SETTINGS_TABLE } from '@lethe/platform';
import type { SettingView } from './settings.view.js';

/** What only connectors and proxies read. */
export const OTHERS: ReadonlySet<string> = new Set([
  ...['proxyPort', 'doorPort', 'connectorPort', 'proxyWorkers', 'proxyFastHttp', 'allowedOrigins'],
  ...['door', 'doorUrl', 'slots'],
]);

/** The settings of this registry without any secret; those of all services, if they are one process. */
export function shownSettings(settings: Settings): SettingView[] {
  const rows = SETTINGS_TABLE.filter(({ member }) => settings.isEmbedded || !OTHERS.has(member));
  const values = new Map<string, unknown>(Object.entries(settings));
  return rows.map((row) => toSettingView(row, settings, values.get(row.member)));
}

function toSettingView(row: SettingRow, { given }: Settings, inForce: unknown): SettingView {
  const { member, variable, group, about, fallback, isSecret = false } = row;
  const text = given.get(member);
  return {
    name: variable,
    group,
    description: about,
    value: isSecret ? null : (textOf(inForce) ?? text ?? null),
    default: fallback ?? null,
    isSet: given.has(member),
    isDefault: !given.has(member) || (text !== undefined && text === fallback),
    isSecret,
  };
}

/** As it would be set; undefined for what has a form of its own, which is shown as it was written. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
