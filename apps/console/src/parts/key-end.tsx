import { type ReactNode, useState } from 'react';
import { Badge } from '../ui/badge.js';
import { SelectField, TextField } from '../ui/field.js';
import { Moment } from '../ui/moment.js';
import { Row } from '../ui/page.js';
import { texts, useFormats } from '../text/text.js';

const END = texts('keyEnd', {
  label: 'It ends',
  days30: 'In 30 days',
  days90: 'In 90 days',
  days365: 'In a year',
  never: 'Never',
  at: 'At a time of its own',
  time: 'End',
  hint: 'What ends by itself needs nobody who remembers to take it back.',
  active: 'Active',
  expired: 'Ended',
  soon: 'Ends soon',
  replaced: 'Replaced',
});

const CHOICES = ['days30', 'days90', 'days365', 'never', 'at'] as const;
const DAYS: Partial<Record<(typeof CHOICES)[number], number>> = { days30: 30, days90: 90, days365: 365 };
const DAY_MS = 86_400_000;
/** A key that ends within these days is marked. */
const SOON_DAYS = 30;

/** When a key is to end, as it is chosen. */
export interface EndChoice {
  kind: (typeof CHOICES)[number];
  /** As the browser's own field has it, in local time; for the kind `at`. */
  at: string;
}

/** What is offered first. */
export const FIRST_END: EndChoice = { kind: 'days90', at: '' };

/** The time of an end as the registry takes it; undefined for none. */
export function endTime({ kind, at }: EndChoice, nowMs: number): string | undefined {
  const days = DAYS[kind];
  if (days !== undefined) return new Date(nowMs + days * DAY_MS).toISOString();
  return kind === 'at' ? fromLocal(at) : undefined;
}

/** The value of a field for date and time, in local time. */
export function toLocal(iso: string): string {
  const date = new Date(iso);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The time that such a field has; undefined while it has none. */
export function fromLocal(value: string): string | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

interface EndFieldProps {
  value: EndChoice;
  onValue: (end: EndChoice) => void;
  error: string | undefined;
}

/** Chooses when a key ends. */
export function EndField({ value, onValue, error }: EndFieldProps): ReactNode {
  const { text } = useFormats();
  return (
    <>
      <SelectField
        label={text(END.label)}
        hint={text(END.hint)}
        error={value.kind === 'at' ? undefined : error}
        value={value.kind}
        choices={CHOICES.map((kind) => ({ value: kind, label: text(END[kind]) }))}
        onValue={(kind) => onValue({ ...value, kind })}
      />
      {value.kind === 'at' && (
        <TextField
          label={text(END.time)}
          error={error}
          type="datetime-local"
          value={value.at}
          onValue={(at) => onValue({ ...value, at })}
        />
      )}
    </>
  );
}

/** Whether a key ends within the next days. */
export function endsSoon(expiresAt: string | null, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - nowMs < SOON_DAYS * DAY_MS;
}

/** Whether a key works, and what about it wants to be looked at. */
export function KeyState({ state, expiresAt, replacedBy }: KeyEnds): ReactNode {
  const { text } = useFormats();
  const [nowMs] = useState(Date.now);
  if (state === 'expired') return <Badge tone="bad">{text(END.expired)}</Badge>;
  const isSoon = endsSoon(expiresAt, nowMs);
  return (
    <Row>
      <Badge tone={isSoon ? 'warn' : 'good'}>{text(isSoon ? END.soon : END.active)}</Badge>
      {replacedBy !== null && <Badge tone="plain">{text(END.replaced)}</Badge>}
    </Row>
  );
}

interface KeyEnds {
  state: 'active' | 'expired';
  expiresAt: string | null;
  replacedBy: string | null;
}

/** When a key ends or has ended. */
export function KeyEnd({ expiresAt }: Pick<KeyEnds, 'expiresAt'>): ReactNode {
  const { text } = useFormats();
  return expiresAt === null ? text(END.never) : <Moment at={expiresAt} />;
}
