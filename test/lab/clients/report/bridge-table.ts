import { STEPS } from '../cases.js';
import { Findings } from './findings.js';
import type { Measured } from './page.js';

const HEAD = [
  'client',
  'opens with',
  'era: legacy',
  'era: modern',
  'calls',
  'state',
  '250 tools',
  'the secret in files',
];

/** What clients that start bridges did, a row for each. */
export function bridgeTable(measured: readonly Measured[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = measured.map(({ client, runs }) => {
    const found = new Findings(runs);
    const [run] = found.of('bridge');
    const calls = Object.values(STEPS).filter((step) => run?.steps.includes(step));
    const good = calls.filter((step) => found.passes('bridge', step));
    return [
      `${client.name} ${Object.values(client.install.packages)[0] ?? ''}`,
      found.opening('bridge'),
      found.era('bridge', 'legacy'),
      found.era('bridge', 'modern'),
      `${good.length} of ${calls.length}`,
      found.state('bridge'),
      String(found.listed('bridge', 'many')),
      run?.secretFiles.map((file) => `\`~/${file}\``).join(', ') || 'none',
    ];
  });
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line), ''].join('\n');
}
