/** What one check of a set-up found. */
export interface Finding {
  /** Which check, a stable name. */
  check: string;
  /** `problem`: something does not work; `warning`: it works, and should be looked at. */
  state: 'ok' | 'warning' | 'problem';
  text: string;
  /** What to do about it. */
  todo?: string;
}

/** Something that works. */
export function ok(check: string, text: string): Finding {
  return { check, state: 'ok', text };
}

/** Something that works, and should be looked at. */
export function warning(check: string, text: string, todo: string): Finding {
  return { check, state: 'warning', text, todo };
}

/** Something that does not work. */
export function problem(check: string, text: string, todo: string): Finding {
  return { check, state: 'problem', text, todo };
}
