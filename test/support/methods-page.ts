import { format } from 'prettier';
import { type RoutedMethod, routedMethods } from './method-catalogue.js';

const HEAD = `# Methods

What Lethe does with every method and notification of the specification, by the era of its sender. This page is generated
from \`apps/proxy/src/protocol/method-table.ts\` and \`test/support/method-catalogue.ts\`;
\`npx vitest run test/architecture/methods-page.spec.ts -u\` writes it again.
`;

/** The page \`docs/operations/methods.md\`. */
export function methodsPage(): Promise<string> {
  const all = routedMethods();
  const text = [
    HEAD,
    '## From clients\n',
    table(all.filter(({ from }) => from === 'client')),
    '\n## From upstreams\n',
    table(all.filter(({ from }) => from === 'upstream')),
  ].join('\n');
  return format(text, { parser: 'markdown', proseWrap: 'always', printWidth: 120 });
}

function table(methods: RoutedMethod[]): string {
  const rows = methods.map(
    ({ method, routed }) => `| \`${method}\` | ${routed.legacy ?? '–'} | ${routed.modern ?? '–'} |`,
  );
  return ['| method | legacy | modern |', '| - | - | - |', ...rows].join('\n');
}
