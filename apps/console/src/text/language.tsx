import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';

/** The languages that there are: a tag (BCP 47) and the texts by id. English stands in the sources. */
const LANGUAGES = { en: {} } as const;

/** Gives the screens their language. */
export function Language({ children }: { children: ReactNode }): ReactNode {
  return (
    <IntlProvider
      locale={globalThis.navigator.language || 'en'}
      defaultLocale="en"
      messages={LANGUAGES.en}
      onError={quiet}
    >
      {children}
    </IntlProvider>
  );
}

/** A text that is not translated is shown in English. */
function quiet(): void {
  return undefined;
}
