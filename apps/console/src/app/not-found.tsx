import type { ReactNode } from 'react';
import { useFormats } from '../text/text.js';
import { ButtonLink } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { APP } from './texts.js';

/** An address without a screen. */
export function NotFound(): ReactNode {
  const { text } = useFormats();
  return (
    <Page title={text(APP.notFound)} lead={text(APP.notFoundLead)}>
      <div>
        <ButtonLink to="/">{text(APP.backHome)}</ButtonLink>
      </div>
    </Page>
  );
}
