import type { ReactNode } from 'react';
import type { Server } from '../../api/servers.js';
import { MergeDialog } from '../../editing/merge-dialog.js';
import type { Draft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { Tabs } from '../../ui/tabs.js';
import { AccessTab } from './access-tab.js';
import { ComposingContext } from './composing.js';
import { ItemsTab } from './items-tab.js';
import { LeaveGuard } from './leave-guard.js';
import { SaveBar } from './save-bar.js';
import type { ServerDraft } from './server-draft.js';
import { SettingsTab } from './settings-tab.js';
import { FieldValue } from './shown-field.js';
import { SizeTab } from './size-tab.js';
import { COMPOSER, FIELD } from './texts.js';
import { useComposingOf } from './use-composing.js';

interface ComposerProps {
  draft: Draft<ServerDraft>;
  /** As it is published; undefined before it is made. */
  server: Server | undefined;
  tab: string | undefined;
  onTab: (tab: string) => void;
}

/** The parts of a virtual server, what of them is not published yet, and how it gets published. */
export function Composer({ draft, server, tab, onTab }: ComposerProps): ReactNode {
  const { text } = useFormats();
  const composing = useComposingOf(draft, server);
  const tabs = [
    { value: 'items', title: text(COMPOSER.items), content: () => <ItemsTab /> },
    { value: 'access', title: text(COMPOSER.access), content: () => <AccessTab /> },
    { value: 'settings', title: text(COMPOSER.settings), content: () => <SettingsTab /> },
    ...(server ? [{ value: 'size', title: text(COMPOSER.size), content: () => <SizeTab server={server} /> }] : []),
  ];
  const open = tabs.find(({ value }) => value === tab)?.value ?? 'items';
  return (
    <ComposingContext value={composing}>
      <Tabs label={text(COMPOSER.parts)} tabs={tabs} value={open} onValue={onTab} />
      {composing.mayEdit && <SaveBar draft={draft} />}
      <LeaveGuard draft={draft} />
      {draft.conflict && (
        <MergeDialog
          conflict={draft.conflict}
          nameOf={(field) => text(FIELD[field])}
          show={(field, value) => <FieldValue field={field} value={value} conflict={draft.conflict} />}
        />
      )}
    </ComposingContext>
  );
}
