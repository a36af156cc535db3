import type { Era } from '@lethe/contracts';
import type { EraRules } from './era-rules.js';
import { LEGACY_ERA } from './legacy.era.js';
import { MODERN_ERA } from './modern.era.js';

/** The rules of each era. */
export const ERAS: Readonly<Record<Era, EraRules>> = { legacy: LEGACY_ERA, modern: MODERN_ERA };
