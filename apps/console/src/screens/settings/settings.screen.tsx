import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Page } from '../../ui/page.js';
import { type Tab, Tabs } from '../../ui/tabs.js';
import { ExportCard } from './export-card.js';
import { ImportCard } from './import-card.js';
import { SettingList } from './setting-list.js';
import { StatusTab } from './status-tab.js';
import { SETTINGS } from './texts.js';

const route = getRouteApi('/settings');

/** How the deployment is, its document, and for the role admin what the registry was started with. */
export function SettingsScreen(): ReactNode {
  const { text } = useFormats();
  const maySettings = useMay('admin');
  const navigate = route.useNavigate();
  const { tab } = route.useSearch();
  const tabs: Tab[] = [
    { value: 'status', title: text(SETTINGS.status), content: () => <StatusTab /> },
    { value: 'document', title: text(SETTINGS.document), content: () => <DocumentTab /> },
    ...(maySettings ? [{ value: 'settings', title: text(SETTINGS.settings), content: () => <SettingList /> }] : []),
  ];
  return (
    <Page title={text(SETTINGS.title)} lead={text(SETTINGS.lead)}>
      <Tabs
        label={text(SETTINGS.tabs)}
        tabs={tabs}
        value={tabs.find(({ value }) => value === tab)?.value ?? 'status'}
        onValue={(next) => void navigate({ search: { tab: next }, replace: true })}
      />
    </Page>
  );
}

function DocumentTab(): ReactNode {
  return (
    <>
      <ExportCard />
      <ImportCard />
    </>
  );
}
