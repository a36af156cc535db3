import type { ReactNode } from 'react';
import { Notice } from '../../ui/notice.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { Look } from './look.js';
import { Picker } from './picker.js';
import { Preview } from './preview.js';
import { Rules } from './rules.js';

/** What is taken from which gateway, beside what clients will see of it. */
export function ItemsTab(): ReactNode {
  const { mayEdit, problemOf } = useComposing();
  const problem = problemOf('items') ?? problemOf('include');
  return (
    <>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      <div className={styles['columns']}>
        <div className={styles['column']}>
          {mayEdit && <Picker />}
          <Rules />
        </div>
        <div className={styles['column']}>
          <Preview />
          <Look />
        </div>
      </div>
    </>
  );
}
