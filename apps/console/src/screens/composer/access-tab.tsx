import type { ReactNode } from 'react';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { CredentialUses } from './credential-uses.js';
import { Explain } from './explain.js';
import { GrantsCard } from './grants.js';
import { LimitsCard } from './limits.js';
import { RoleView } from './role-view.js';
import { WhoMayCall } from './who-may-call.js';

/** Who may call, who sees what, how often, with whose credential; and what that means for one caller. */
export function AccessTab(): ReactNode {
  const { mayEdit, server } = useComposing();
  return (
    <div className={styles['columns']}>
      <fieldset className={styles['form']} disabled={!mayEdit}>
        <WhoMayCall />
        <GrantsCard />
        <LimitsCard />
        <CredentialUses />
      </fieldset>
      {server && (
        <div className={styles['column']}>
          <RoleView server={server} />
          <Explain server={server} />
        </div>
      )}
    </div>
  );
}
