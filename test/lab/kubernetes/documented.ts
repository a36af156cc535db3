import { mkdtempSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../../support/processes.js';
import type { ApiServer } from './api-server.js';
import { outputOf, type Tools } from './tools.js';

/** Commands of its part on a restore, in a namespace where the chart is installed. */
const RESTORE = ['# stop for a restore', '# forget what was published'];

type Say = (line: string) => void;

/** Commands of the page on Kubernetes that need nothing but an API server: by a word of each block. */
const BLOCKS = [
  'create namespace lethe',
  'generic nats-passwords',
  'generic lethe-connector',
  'trust init keys',
  'trust rotate',
];

/** Runs shell commands in a folder of their own, as someone would who follows the page or the notes. */
function run(server: ApiServer, { folder }: Tools, namespace: string, commands: string): string {
  const PATH = [dirname(process.execPath), folder, process.env['PATH']].join(delimiter);
  const cwd = mkdtempSync(join(server.folder, 'documented-'));
  return outputOf('sh', ['-euc', commands], { PATH, KUBECONFIG: server.kubeconfig(namespace) }, cwd);
}

/** Follows the notes that helm printed, as far as that goes without pods: the token must be that of the Secret. */
export function followNotes(server: ApiServer, tools: Tools, namespace: string, notes: string, say: Say): void {
  const line = /^ *(export LETHE_TOKEN=.*)$/m.exec(notes)?.[1];
  if (!line) throw new Error('the notes do not say how to get the token');
  const token = run(server, tools, namespace, `${line}; printf %s "$LETHE_TOKEN"`);
  if (!/^lethe_admin_[0-9a-f]{16}_[\w-]{43}$/.test(token)) throw new Error('the notes give no token');
  const backup = /^ *(\(umask 077; kubectl .* > trust-backup\.yaml\))$/m.exec(notes)?.[1];
  if (backup) run(server, tools, namespace, `${backup}; grep -q rows.mac trust-backup.yaml`);
  say(`    the commands of the notes give the token${backup ? ' and the backup' : ''}`);
}

/** Runs the commands of docs/operations/kubernetes.md that make the namespace and the Secrets. */
export function followPage(server: ApiServer, tools: Tools, say: Say): void {
  const page = readFileSync(join(ROOT, 'docs/operations/kubernetes.md'), 'utf8');
  const blocks = [...page.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, text = '']) => text);
  const commandsOf = (words: string[]): string =>
    words.map((word) => blocks.find((text) => text.includes(word)) ?? `missing ${word}`).join('\n');
  const here = commandsOf(BLOCKS)
    .replaceAll(/^ *helm [^]*?[^\\]$/gm, '')
    .replaceAll('npm run -s lethe --', `node ${join(ROOT, 'dist/apps/cli/src/main.js')}`)
    .replaceAll('deploy/nats', join(ROOT, 'deploy/nats'))
    .replaceAll('$database', 'pw_of_the_database');
  run(server, tools, 'lethe', here);
  run(
    server,
    tools,
    'lethe',
    "kubectl get secret lethe-trust-proxy -o jsonpath='{.data.trust\\.json}' | base64 -d | grep -q retired",
  );
  const secrets = run(server, tools, 'lethe', 'kubectl -n lethe get secrets -o name | sort | tr "\\n" " "');
  say(`\n## The commands of docs/operations/kubernetes.md made: ${secrets.replaceAll('secret/', '')}`);
  followRestore(server, tools, commandsOf(RESTORE), say);
}

/** The API server has no nodes: it says whether it takes the objects, and whether their pods keep to the profile of the namespace. */
function followRestore(server: ApiServer, tools: Tools, commands: string, say: Say): void {
  const strict = commands.replaceAll('kubectl -n lethe ', 'kubectl --warnings-as-errors -n minimal ');
  run(server, tools, 'minimal', strict);
  const template = "jsonpath='{.spec.template.spec.containers[0].env[1].value}'";
  const url = run(server, tools, 'minimal', `kubectl -n minimal get job forget-published -o ${template}`);
  if (url !== 'nats://operator:$(PASSWORD)@nats:4222') throw new Error(`the Job of a restore has the address ${url}`);
  run(server, tools, 'minimal', 'kubectl -n minimal delete job forget-published');
  say('\n## The commands of a restore are accepted, without a warning');
}
