import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from '../../support/processes.js';
import { outputOf, type Tools } from './tools.js';

const START_LIMIT_MS = 180_000;

/** What the API server answered. */
export interface Answer {
  status: number;
  text: string;
}

/**
 * kube-apiserver over kine with SQLite, on loopback, in a folder that is removed. It takes, checks, completes and admits
 * objects as in a cluster; there are no nodes and no controllers.
 */
export class ApiServer {
  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly token: string,
    private readonly processes: ChildProcess[],
  ) {}

  static async start({ kine, apiServer }: Tools): Promise<ApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'lethe-kubernetes-'));
    const token = randomBytes(16).toString('hex');
    const [storePort, port] = [await freePort(), await freePort()];
    const key = join(folder, 'service-accounts.key');
    outputOf('openssl', ['genrsa', '-out', key, '2048']);
    writeFileSync(join(folder, 'tokens.csv'), `${token},admin,1,"system:masters"\n`);
    const store = `127.0.0.1:${storePort}`;
    const processes = [
      run(folder, kine, ['--endpoint', `sqlite://${folder}/kine.db`, '--listen-address', store]),
      run(folder, apiServer, [
        ...[`--etcd-servers=http://${store}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
        ...[`--cert-dir=${folder}`, `--token-auth-file=${folder}/tokens.csv`, '--authorization-mode=RBAC'],
        ...['--service-account-issuer=https://kubernetes.default.svc', '--service-cluster-ip-range=10.0.0.0/24'],
        ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
        // The token controller does not run, so pods could never get their service account's default token.
        '--disable-admission-plugins=ServiceAccount',
      ]),
    ];
    const server = new ApiServer(`https://127.0.0.1:${port}`, folder, token, processes);
    try {
      await until(
        'the API server',
        async () => (await server.ask('GET', '/readyz')).status === 200 || undefined,
        START_LIMIT_MS,
      );
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Its certificate, which signs itself. */
  get certificate(): string {
    return readFileSync(join(this.folder, 'apiserver.crt'), 'utf8');
  }

  /** A kubeconfig of an administrator. */
  kubeconfig(namespace: string): string {
    const cluster = { server: this.url, 'insecure-skip-tls-verify': true };
    const file = join(this.folder, `kubeconfig-${namespace}`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'lab', cluster }],
      users: [{ name: 'admin', user: { token: this.token } }],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'admin', namespace } }],
      'current-context': 'lab',
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  /** Sends a request; `type` is the media type of its body. */
  ask(method: string, path: string, body?: object, type = 'application/json', token = this.token): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': type }) };
      const options = { method, headers, rejectUnauthorized: false };
      const sent = request(`${this.url}${path}`, options, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject);
      });
      sent.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  /** As `ask`, and fails unless the answer is a 2xx. */
  async get<T>(path: string): Promise<T> {
    const { status, text: body } = await this.ask('GET', path);
    if (status >= 300) throw new Error(`GET ${path}: ${status} ${body}`);
    return JSON.parse(body) as T;
  }

  /** Creates an object with strict field validation. The answer of the server, whatever it is. */
  create(path: string, object: object, isDryRun = false): Promise<Answer> {
    return this.ask('POST', `${path}?fieldValidation=Strict${isDryRun ? '&dryRun=All' : ''}`, object);
  }

  async stop(): Promise<void> {
    for (const process of this.processes.reverse()) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill('SIGTERM');
      await once(process, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(folder: string, program: string, args: string[]): ChildProcess {
  const log = openSync(join(folder, `${program.split('/').at(-1) ?? 'program'}.log`), 'a');
  return spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
