import type { ReactNode } from 'react';
import type { Draft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field.js';
import { Card, Grid } from '../../ui/page.js';
import { HeaderRows } from './edit-headers.js';
import { DEFAULT_BREAKER, type GatewayFields, type LimitFields } from './edit-fields.js';
import { EDIT } from './edit-texts.js';
import { useRuleOf } from '../../parts/rules.js';
import styles from './gateway.module.css';

interface GroupProps {
  draft: Draft<GatewayFields>;
}

/** What people find a gateway by. */
export function AboutFields({ draft: { fields, set, error } }: GroupProps): ReactNode {
  const { text } = useFormats();
  const errorAt = useRuleOf(error);
  return (
    <Card title={text(EDIT.about)}>
      <TextField
        label={text(EDIT.name)}
        value={fields.name}
        error={errorAt('name')}
        onValue={(name) => set({ name })}
      />
      <TextArea
        label={text(EDIT.description)}
        value={fields.description}
        error={errorAt('description')}
        onValue={(description) => set({ description })}
      />
      <TextField
        label={text(EDIT.tags)}
        hint={text(EDIT.tagsHint)}
        value={fields.tags}
        error={errorAt('tags')}
        onValue={(tags) => set({ tags })}
      />
    </Card>
  );
}

const DRIFTS = ['auto', 'review'] as const;
const LISTINGS = ['catalogue', 'live'] as const;

/** What of the upstream is served, and when. */
export function ServingFields({ draft: { fields, set, error } }: GroupProps): ReactNode {
  const { text } = useFormats();
  const errorAt = useRuleOf(error);
  return (
    <Card title={text(EDIT.serving)}>
      <SelectField
        label={text(EDIT.drift)}
        hint={text(EDIT.driftHint)}
        value={fields.drift}
        choices={DRIFTS.map((value) => ({ value, label: text(EDIT[`drift_${value}`]) }))}
        error={errorAt('drift')}
        onValue={(drift) => set({ drift })}
      />
      <SelectField
        label={text(EDIT.listing)}
        value={fields.listing}
        choices={LISTINGS.map((value) => ({ value, label: text(EDIT[`listing_${value}`]) }))}
        error={errorAt('listing')}
        onValue={(listing) => set({ listing })}
      />
      <CheckField
        label={text(EDIT.trustHints)}
        hint={text(EDIT.trustHintsHint)}
        isOn={fields.trustHints}
        onValue={(trustHints) => set({ trustHints })}
      />
    </Card>
  );
}

/** How much a gateway may be called. */
export function LimitsFields({ draft: { fields, set, error } }: GroupProps): ReactNode {
  const { text } = useFormats();
  const errorAt = useRuleOf(error);
  const { limits } = fields;
  const change = (changes: Partial<LimitFields>): void => set({ limits: { ...limits, ...changes } });
  const { failures, openSeconds } = DEFAULT_BREAKER;
  return (
    <Card title={text(EDIT.limits)}>
      <Grid>
        <TextField
          label={text(EDIT.concurrent)}
          hint={text(EDIT.concurrentHint)}
          inputMode="numeric"
          value={limits.concurrent}
          error={errorAt('limits.concurrent')}
          onValue={(concurrent) => change({ concurrent })}
        />
        <TextField
          label={text(EDIT.failures)}
          hint={text(EDIT.failuresHint, { count: failures })}
          inputMode="numeric"
          value={limits.failures}
          error={errorAt('limits.breaker.failures')}
          onValue={(typed) => change({ failures: typed })}
        />
        <TextField
          label={text(EDIT.openSeconds)}
          hint={text(EDIT.openSecondsHint, { count: openSeconds })}
          inputMode="numeric"
          value={limits.openSeconds}
          error={errorAt('limits.breaker.openSeconds')}
          onValue={(typed) => change({ openSeconds: typed })}
        />
      </Grid>
    </Card>
  );
}

/** How the upstream is reached. */
export function ConnectionFields({ draft: { fields, set, error } }: GroupProps): ReactNode {
  const { text } = useFormats();
  const errorAt = useRuleOf(error);
  return (
    <Card title={text(EDIT.connection)}>
      <p className={styles['soft']}>{text(EDIT.connectionHint)}</p>
      <HeaderRows
        headers={fields.passthroughHeaders}
        error={error}
        onHeaders={(passthroughHeaders) => set({ passthroughHeaders })}
      />
      <TextArea
        label={text(EDIT.tlsCa)}
        hint={text(EDIT.tlsCaHint)}
        value={fields.tlsCa}
        spellCheck={false}
        error={errorAt('tlsCa')}
        onValue={(tlsCa) => set({ tlsCa })}
      />
    </Card>
  );
}
