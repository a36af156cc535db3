import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { exportDocument } from '../../api/transfer.js';
import { download } from '../../parts/download.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './settings.module.css';
import { TRANSFER } from './texts.js';

/** Downloads all gateways and virtual servers as a document. */
export function ExportCard(): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const [hasCatalogue, setCatalogue] = useState(false);
  const run = useMutation({
    mutationFn: () => exportDocument(hasCatalogue),
    onSuccess: (document) => {
      download('lethe.yaml', document, 'application/yaml');
      toasts.done(text(TRANSFER.downloaded));
    },
    onError: toasts.failed,
  });
  return (
    <Card title={text(TRANSFER.export)}>
      <p className={styles['lead']}>{text(TRANSFER.exportLead)}</p>
      <CheckField
        label={text(TRANSFER.catalogue)}
        hint={text(TRANSFER.catalogueHint)}
        isOn={hasCatalogue}
        onValue={setCatalogue}
      />
      <div>
        <Button isBusy={run.isPending} onClick={() => run.mutate()}>
          {text(TRANSFER.download)}
        </Button>
      </div>
    </Card>
  );
}
