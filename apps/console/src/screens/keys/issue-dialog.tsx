import { type ReactNode, useState } from 'react';
import type { IssuedKey } from '../../api/keys.js';
import { IssueKey } from '../../parts/issue-key.js';
import { SecretOnce } from '../../parts/secret-once.js';
import { useFormats } from '../../text/text.js';
import { Dialog } from '../../ui/dialog.js';
import { KEYS } from './texts.js';

interface IssueDialogProps {
  /** Slug of the virtual server that the list is filtered by. */
  server: string | undefined;
  onClose: () => void;
}

/** Issues a key and shows it once. It does not close over a key that nobody has stored. */
export function IssueDialog({ server, onClose }: IssueDialogProps): ReactNode {
  const { text } = useFormats();
  const [issued, setIssued] = useState<IssuedKey>();
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Dialog title={issued?.name ?? text(KEYS.issue)} onClose={() => (issued ? setLeaving(true) : onClose())}>
      {issued ? (
        <SecretOnce issued={issued} isLeaving={isLeaving} onStored={onClose} />
      ) : (
        <IssueKey servers={server === undefined ? [] : [server]} onIssued={setIssued} />
      )}
    </Dialog>
  );
}
