import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { isProblem, Problem } from '../../api/problem.js';
import { type Probe, registerGateway, type Registration } from '../../api/registration.js';
import { useRuleOf } from '../../parts/rules.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { KINDS } from './credential-parts.js';
import { MoreHeaders } from './more-headers.js';
import styles from './register.module.css';
import { REGISTER } from './texts.js';
import { UrlShown } from './url-shown.js';
import { type Details, useDetails } from './use-details.js';

interface DetailsProps {
  /** Canonical URL. */
  url: string;
  probe: Probe | undefined;
  onBack: () => void;
  onDone: (gateway: Gateway) => void;
}

/** The second step: name, slug, and what callers send. It registers the gateway, which serves nobody before it is verified. */
export function DetailsStep({ url, probe, onBack, onDone }: DetailsProps): ReactNode {
  const { text } = useFormats();
  const form = useDetails(url, probe);
  const [key, setKey] = useState(newKey);
  const [isTried, setTried] = useState(false);
  const registering = useMutation({
    mutationFn: (registration: Registration) => registerGateway(registration, key),
    onSuccess: onDone,
    // Without an answer it may have been registered: the same key registers it once.
    onError: (error) => error instanceof Problem && setKey(newKey()),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (form.registration) registering.mutate(form.registration);
  };
  return (
    <Card>
      <form className={`${styles['form'] ?? ''} ${styles['narrow'] ?? ''}`} onSubmit={submit} noValidate>
        <UrlShown url={url} />
        <Names form={form} problems={isTried ? form.problems : {}} error={registering.error} />
        <Wanted form={form} problems={isTried ? form.problems : {}} />
        <Refusal error={registering.error} />
        <Row>
          <Button type="submit" look="primary" isBusy={registering.isPending}>
            {text(form.isOpen ? REGISTER.registerOpen : REGISTER.register)}
          </Button>
          <Button onClick={onBack}>{text(REGISTER.back)}</Button>
        </Row>
      </form>
    </Card>
  );
}

interface PartProps {
  form: Details;
  problems: Details['problems'];
}

function Names({ form, problems, error }: PartProps & { error: unknown }): ReactNode {
  const { text } = useFormats();
  const refused = useRuleOf(error);
  const isTaken = isProblem(error, 'slug_taken');
  return (
    <>
      <TextField
        label={text(REGISTER.name)}
        autoFocus
        hint={text(REGISTER.nameHint)}
        value={form.name}
        onValue={form.setName}
        error={problems.name ?? refused('name')}
      />
      <TextField
        label={text(REGISTER.slug)}
        hint={text(REGISTER.slugHint)}
        value={form.slug}
        onValue={form.setSlug}
        error={problems.slug ?? refused('slug') ?? (isTaken ? error.message : undefined)}
      />
    </>
  );
}

function Wanted({ form, problems }: PartProps): ReactNode {
  const { text } = useFormats();
  return (
    <>
      <SelectField
        label={text(REGISTER.kind)}
        hint={text(REGISTER.kindHint)}
        value={form.kind}
        choices={KINDS.map((value) => ({ value, label: text(REGISTER[`kind_${value}`]) }))}
        onValue={form.setKind}
      />
      {(form.kind === 'header' || form.kind === 'query') && (
        <TextField
          label={text(form.kind === 'header' ? REGISTER.partHeader : REGISTER.partQuery)}
          value={form.part}
          onValue={form.setPart}
          error={problems.part}
        />
      )}
      <MoreHeaders mappings={form.more} onMappings={form.setMore} error={problems.more} />
    </>
  );
}

/** What is not shown at a field. */
function Refusal({ error }: { error: Error | null }): ReactNode {
  const { text } = useFormats();
  if (!error || isProblem(error, 'slug_taken')) return null;
  const hint = error instanceof Problem ? error.hint : undefined;
  return <Failed title={text(REGISTER.registerFailed)} error={hint === undefined ? error : new Error(hint)} />;
}

function newKey(): string {
  // Also where there is no secure context, and so no `randomUUID`.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
