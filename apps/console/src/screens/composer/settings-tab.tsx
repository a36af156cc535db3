import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { NumberField, WordsField } from '../../ui/words-field.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { DeleteServer } from './delete-server.js';
import { SETTINGS } from './settings-texts.js';
import { ShortForms } from './short-forms.js';

/** Name, texts, eras, and how calls without a good credential are answered. */
export function SettingsTab(): ReactNode {
  const { mayEdit, server } = useComposing();
  return (
    <div className={styles['columns']}>
      <fieldset className={styles['form']} disabled={!mayEdit}>
        <About />
        <Told />
      </fieldset>
      <fieldset className={styles['form']} disabled={!mayEdit}>
        <Answers />
        <ShortForms />
        {mayEdit && server && <DeleteServer server={server} />}
      </fieldset>
    </div>
  );
}

function About(): ReactNode {
  const { text } = useFormats();
  const { fields, set, server, problemOf } = useComposing();
  return (
    <Card title={text(SETTINGS.about)}>
      {server && (
        <TextField
          label={text(SETTINGS.name)}
          error={problemOf('name')}
          value={fields.name}
          onValue={(name) => set({ name })}
        />
      )}
      <TextArea
        label={text(SETTINGS.description)}
        error={problemOf('description')}
        value={fields.description ?? ''}
        onValue={(description) => set({ description: description === '' ? null : description })}
      />
      <WordsField
        label={text(SETTINGS.tags)}
        hint={text(SETTINGS.tagsHint)}
        error={problemOf('tags')}
        words={fields.tags}
        onWords={(tags) => set({ tags })}
      />
      <CheckField
        label={text(SETTINGS.enabled)}
        hint={text(SETTINGS.enabledHint)}
        isOn={fields.enabled}
        onValue={(enabled) => set({ enabled })}
      />
    </Card>
  );
}

const WHOSE = ['upstreams', 'none', 'own'] as const;

function Told(): ReactNode {
  const { text } = useFormats();
  const { fields, set, problemOf } = useComposing();
  const { instructions, maxNameLength } = fields;
  const whose = instructions === null ? 'upstreams' : instructions === '' ? 'none' : 'own';
  const begin = { upstreams: null, none: '', own: ' ' } as const;
  return (
    <Card title={text(SETTINGS.told)}>
      <SelectField
        label={text(SETTINGS.instructions)}
        value={whose}
        choices={WHOSE.map((value) => ({ value, label: text(SETTINGS[value]) }))}
        onValue={(value) => set({ instructions: begin[value] })}
      />
      {whose === 'own' && (
        <TextArea
          label={text(SETTINGS.instructionsText)}
          hint={text(SETTINGS.instructionsHint)}
          error={problemOf('instructions')}
          value={instructions ?? ''}
          onValue={(value) => set({ instructions: value === '' ? ' ' : value })}
        />
      )}
      <NumberField
        label={text(SETTINGS.maxNameLength)}
        hint={text(SETTINGS.maxNameLengthHint)}
        error={problemOf('maxNameLength')}
        value={maxNameLength === 0 ? undefined : maxNameLength}
        onNumber={(value = 0) => set({ maxNameLength: value })}
      />
    </Card>
  );
}

const ERAS = ['auto', 'both', 'legacy'] as const;
const MISSING = ['result', 'error'] as const;

function Answers(): ReactNode {
  const { text } = useFormats();
  const { fields, set } = useComposing();
  return (
    <Card title={text(SETTINGS.calls)}>
      <SelectField
        label={text(SETTINGS.eras)}
        hint={text(SETTINGS.erasHint)}
        value={fields.eras}
        choices={ERAS.map((value) => ({ value, label: text(SETTINGS[value]) }))}
        onValue={(eras) => set({ eras })}
      />
      <SelectField
        label={text(SETTINGS.missing)}
        value={fields.missingCredential}
        choices={MISSING.map((value) => ({ value, label: text(SETTINGS[value]) }))}
        onValue={(missingCredential) => set({ missingCredential })}
      />
      <SelectField
        label={text(SETTINGS.rejected)}
        hint={text(SETTINGS.rejectedHint)}
        value={fields.rejectedCredential}
        choices={[
          { value: 'error', label: text(SETTINGS.rejectedError) },
          { value: 'http', label: text(SETTINGS.rejectedHttp) },
        ]}
        onValue={(rejectedCredential) => set({ rejectedCredential })}
      />
    </Card>
  );
}
