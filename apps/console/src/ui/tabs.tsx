import * as RadixTabs from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';
import styles from './tabs.module.css';

/** A tab and what it shows. */
export interface Tab {
  value: string;
  title: ReactNode;
  content: () => ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** Which one is open; keep it in the URL where people want to link to it. */
  value: string;
  onValue: (value: string) => void;
}

/** Parts of a screen of which one is in sight. Arrow keys go from tab to tab (ARIA Authoring Practices, tabs). */
export function Tabs({ label, tabs, value, onValue }: TabsProps): ReactNode {
  return (
    <RadixTabs.Root value={value} onValueChange={onValue}>
      <RadixTabs.List className={styles['list']} aria-label={label}>
        {tabs.map((tab) => (
          <RadixTabs.Trigger key={tab.value} value={tab.value} className={styles['tab']}>
            {tab.title}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.value} value={tab.value} className={styles['panel']}>
          {tab.content()}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}
