import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Language } from '../text/language.js';
import { SchemaView } from './schema/schema-view.js';
import { VerificationWarnings } from './verification-warnings.js';

const NAME = '<b>a\u202eb';
const markup = (shown: ReactNode): string => renderToStaticMarkup(<Language>{shown}</Language>);

describe('what an upstream hides from people', () => {
  it.each([
    ['the name in a warning', <VerificationWarnings key="w" warnings={[{ code: 'hidden_text', name: NAME }]} />],
    ['the pointer of a warning', <VerificationWarnings key="p" warnings={[{ code: 'hidden_text', pointer: NAME }]} />],
    ['the title of a variant', <SchemaView key="v" schema={{ oneOf: [{ title: NAME, enum: ['x'] }] }} />],
    ['a member and its description', <SchemaView key="m" schema={{ properties: { [NAME]: { description: NAME } } }} />],
  ])('is written out, and no markup: %s', (_what, shown) => {
    const html = markup(shown);
    expect(html).toContain(String.raw`\u{202e}`);
    expect(html).toContain('&lt;b&gt;');
    expect(html).not.toContain('\u202e');
  });
});
