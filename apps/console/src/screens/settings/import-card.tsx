import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { isProblem } from '../../api/problem.js';
import { importDocument, planImport } from '../../api/transfer.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, Field, TextArea } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { PlanList } from './plan-list.js';
import styles from './settings.module.css';
import { TRANSFER } from './texts.js';

/** Plans an import, shows the plan, and carries out that plan and no other. */
export function ImportCard(): ReactNode {
  const { text } = useFormats();
  const [document, setDocument] = useState('');
  const [isPruning, setPruning] = useState(false);
  const { plan, go } = useImport(document, isPruning);
  const change = (to: () => void): void => {
    to();
    plan.reset();
    go.reset();
  };
  const readFile = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const content = await file.text();
    change(() => setDocument(content));
  };
  return (
    <Card title={text(TRANSFER.import)}>
      <p className={styles['lead']}>{text(TRANSFER.importLead)}</p>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          go.reset();
          if (document.trim() !== '') plan.mutate();
        }}
      >
        <Field label={text(TRANSFER.file)}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".yaml,.yml,.json"
              onChange={(event) => void readFile(event.target.files?.[0])}
            />
          )}
        </Field>
        <TextArea
          label={text(TRANSFER.content)}
          hint={text(TRANSFER.contentHint)}
          value={document}
          rows={8}
          spellCheck={false}
          onValue={(content) => change(() => setDocument(content))}
        />
        <CheckField
          label={text(TRANSFER.prune)}
          hint={text(TRANSFER.pruneHint)}
          isOn={isPruning}
          onValue={(isOn) => change(() => setPruning(isOn))}
        />
        <div>
          <Button type="submit" disabled={document.trim() === ''} isBusy={plan.isPending}>
            {text(TRANSFER.plan)}
          </Button>
        </div>
      </form>
      {plan.error && <Failed error={plan.error} title={text(TRANSFER.notPlanned)} />}
      {plan.data && <Planned plan={plan.data} go={go} />}
    </Card>
  );
}

/** The two steps of an import: its plan, and that plan carried out. */
function useImport(document: string, isPruning: boolean) {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const plan = useMutation({ mutationFn: () => planImport(document, { isPruning }) });
  const go = useMutation({
    mutationFn: (planDigest: string) => importDocument(document, { isPruning }, planDigest),
    onSuccess: () => {
      toasts.done(text(TRANSFER.imported));
      void queries.invalidateQueries();
    },
  });
  return { plan, go };
}

type Import = ReturnType<typeof useImport>;

function Planned({ plan, go }: { plan: NonNullable<Import['plan']['data']>; go: Import['go'] }): ReactNode {
  const { text } = useFormats();
  const mayImport = useMay('editor');
  if (go.data) return <PlanList plan={go.data} />;
  const { problems, create, change, delete: deletions } = plan.counts;
  const canGo = problems === 0 && create + change + deletions > 0;
  const isOutdated = isProblem(go.error, 'precondition_failed');
  return (
    <>
      <PlanList plan={plan} />
      {isOutdated && <Notice tone="bad">{text(TRANSFER.outdated)}</Notice>}
      {go.error && !isOutdated && <Failed error={go.error} title={text(TRANSFER.notImported)} />}
      {canGo && !mayImport && <p>{text(TRANSFER.needsRole)}</p>}
      {canGo && mayImport && (
        <div>
          <Button
            look={deletions > 0 ? 'danger' : 'primary'}
            isBusy={go.isPending}
            onClick={() => go.mutate(plan.planDigest)}
          >
            {deletions > 0 ? text(TRANSFER.goDeletes, { count: deletions }) : text(TRANSFER.go)}
          </Button>
        </div>
      )}
    </>
  );
}
