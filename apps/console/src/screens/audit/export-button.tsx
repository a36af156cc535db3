import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type AuditSpan, exportAudit } from '../../api/audit.js';
import { download } from '../../parts/download.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { useToasts } from '../../ui/toasts.js';
import { AUDIT } from './texts.js';

/** Downloads all entries of a time: a link could not send the token, so the page reads them and hands them over as a file. */
export function ExportButton({ from, to }: { from: string | undefined; to: string | undefined }): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const span: AuditSpan = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const hasSpan = Object.keys(span).length > 0;
  const run = useMutation({
    mutationFn: () => exportAudit(span),
    onSuccess: (lines) => {
      download('lethe-audit.jsonl', lines, 'application/x-ndjson');
      toasts.done(text(AUDIT.exported));
    },
    onError: toasts.failed,
  });
  return (
    <Button isBusy={run.isPending} title={text(AUDIT.exporting)} onClick={() => run.mutate()}>
      {text(hasSpan ? AUDIT.exportSpan : AUDIT.export)}
    </Button>
  );
}
