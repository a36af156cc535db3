import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIZES = { nats: '1600m', postgres: '400m' };
const BALLAST = 'ballast';
const LOSS = ['-A', 'INPUT', '-i', 'lo', '-m', 'statistic', '--mode', 'random', '--probability', '0.05', '-j', 'DROP'];

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

/** What of this machine can be made to fail, in namespaces of the lab's own. */
export class Machine {
  private readonly fakeTime = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0];

  constructor(private readonly folder: string) {}

  /** This process again, where it has network, mounts and processes of its own, which end with it; undefined if that can't be made. */
  static own(command: string[]): string[] | undefined {
    const unshare = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c'];
    const prepare = 'ip link set lo up';
    return succeeds('unshare', ...unshare, prepare)
      ? ['unshare', ...unshare, `${prepare} && exec "$@"`, 'sh', ...command]
      : undefined;
  }

  get hasLoss(): boolean {
    const [, ...rule] = LOSS;
    return succeeds('iptables', '-A', ...rule) && succeeds('iptables', '-D', ...rule);
  }

  setLoss(isOn: boolean): void {
    run('iptables', isOn ? '-A' : '-D', ...LOSS.slice(1));
  }

  get hasClocks(): boolean {
    return this.fakeTime !== undefined;
  }

  /** The environment of a process whose clock can be set. */
  clockEnv(name: string): Record<string, string> {
    if (this.fakeTime === undefined) return {};
    this.setClock(name, 0);
    return {
      LD_PRELOAD: this.fakeTime,
      FAKETIME_TIMESTAMP_FILE: this.clockOf(name),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  setClock(name: string, seconds: number): void {
    mkdirSync(join(this.folder, 'clocks'), { recursive: true });
    writeFileSync(this.clockOf(name), `${seconds < 0 ? '' : '+'}${seconds}s\n`);
  }

  /** Makes small disks; undefined if that is not possible. */
  disks(): { nats: string; postgres: string } | undefined {
    const folders = { nats: join(this.folder, 'nats'), postgres: join(this.folder, 'postgres') };
    for (const name of ['nats', 'postgres'] as const) {
      mkdirSync(folders[name], { recursive: true });
      const options = `size=${SIZES[name]},mode=1777`;
      if (!succeeds('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folders[name])) return undefined;
    }
    return folders;
  }

  /** Fills a disk, or gives the space back. */
  setFull(disk: string, isFull: boolean): void {
    const ballast = join(disk, BALLAST);
    if (!isFull) return rmSync(ballast, { force: true });
    // Ends with an error when nothing is left, which is what is wanted.
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' });
    if (!existsSync(ballast)) throw new Error('the disk could not be filled');
  }

  private clockOf(name: string): string {
    return join(this.folder, 'clocks', name);
  }
}
