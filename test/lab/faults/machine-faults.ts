import type { Fault } from '../../support/faults/fault.js';
import type { Machine } from './machine.js';

const HOUR_SECONDS = 3_600;
/** Their clocks are the ones that can be set. */
export const CLOCKED = ['registry-1', 'connector-1', 'proxy-1'];

/** The disk of all nats-servers is full. They are started again when it has space, as an operator does. */
function natsFull(machine: Machine, disk: string): Fault {
  return {
    name: 'the disk of NATS is full',
    make: async ({ world }) => {
      machine.setFull(disk, true);
      return async () => {
        machine.setFull(disk, false);
        await Promise.all(world.nats.servers.map((server) => server.kill()));
        await Promise.all(world.nats.servers.map((server) => server.restart()));
      };
    },
  };
}

/** PostgreSQL ends by itself when it can't write its log, and is started again when there is space. */
function postgresFull(machine: Machine, disk: string): Fault {
  return {
    name: 'the disk of PostgreSQL is full',
    make: async ({ world }) => {
      machine.setFull(disk, true);
      return async () => {
        machine.setFull(disk, false);
        if (!(await world.postgres.isRunning())) await world.postgres.restart();
      };
    },
  };
}

/** @param seconds by how much it is wrong meanwhile */
function clockStep(machine: Machine, name: string, seconds: number): Fault {
  return {
    name: `the clock of ${name} is ${seconds} s wrong`,
    make: async () => {
      machine.setClock(name, seconds);
      return () => Promise.resolve(machine.setClock(name, 0));
    },
  };
}

function loss(machine: Machine): Fault {
  return {
    name: '5 % of all packets are lost',
    make: async () => {
      machine.setLoss(true);
      return () => Promise.resolve(machine.setLoss(false));
    },
  };
}

/** The faults that this machine allows, and the names of those that it does not. */
export function machineFaults(machine: Machine, disks: ReturnType<Machine['disks']>) {
  const faults: Fault[] = [];
  const skipped: string[] = [];
  if (disks) faults.push(natsFull(machine, disks.nats), postgresFull(machine, disks.postgres));
  else skipped.push('full disks: no tmpfs can be mounted');
  if (machine.hasClocks) {
    for (const name of CLOCKED) faults.push(...[1, -1].map((sign) => clockStep(machine, name, sign * HOUR_SECONDS)));
  } else skipped.push("clocks: Debian's libfaketime is not installed");
  if (machine.hasLoss) faults.push(loss(machine));
  else skipped.push('lost packets: no iptables with its statistic match');
  return { faults, skipped };
}
