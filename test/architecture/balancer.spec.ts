import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { parseCompose, requiredVariables } from '../support/compose.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const compose = read('docker-compose.yml');
const given = Object.fromEntries(requiredVariables(compose).map((name) => [name, `given-${name}`]));
const services = parseCompose(compose, given);
const { registry } = services;
const replicas = Object.keys(services).filter((name) => name.startsWith('proxy-'));

/** What is wrong with the balancer's configuration, a line for each fault. */
function balancerFaults(file: string): string[] {
  const lines = file.split('\n').map((line) => line.trim());
  const value = (directive: string): string | undefined =>
    lines.find((line) => line.startsWith(`${directive} `))?.slice(directive.length + 1);
  const accepted = Number(/^LETHE_MAX_HEADER_KIB=(\d+)$/m.exec(read('.env.example'))?.[1]) * 1024;
  const format = value('log-format') ?? '';
  const rules: [boolean, string][] = [
    [value('retry-on') === 'conn-failure', 'a request that was sent may be sent again'],
    [lines.includes('option redispatch 1'), 'a replica that does not answer is tried again'],
    [/ resolvers engine\b/.test(value('default-server') ?? ''), 'an address is kept for ever'],
    [/ init-addr none\b/.test(value('default-server') ?? ''), 'it does not start before the replicas'],
    [value('nameserver dns') === '127.0.0.11:53', "it does not ask the engine's DNS"],
    [/ GET uri \/readyz /.test(value('http-check send') ?? ''), 'replicas that drain get requests'],
    [replicas.every((name) => value(`server ${name}`) === `${name}:4500`), 'a replica gets no requests'],
    [
      Number(value('tune.bufsize')) - Number(value('tune.maxrewrite')) >= accepted,
      'headers that a proxy accepts are refused',
    ],
    [
      Number(registry?.environment['LETHE_FRONT_HEADER_KIB']) * 1024 <=
        Number(value('tune.bufsize')) - Number(value('tune.maxrewrite')),
      'the registry is told that more headers pass',
    ],
    [lines.includes('option forwardfor'), 'addresses of callers are lost'],
    [!/%(\[|hr|hs|HU|HQ|r\b)|capture/.test(format), 'the log may hold credentials'],
    [!lines.some((line) => /\bcapture\b/.test(line)), 'headers are captured'],
    [
      value('http-request return status 404') === 'unless { path_beg /servers/ /.well-known/ }',
      "a proxy's own endpoints are passed on",
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

describe('the balancer', () => {
  const configuration = read('deploy/balancer/haproxy.cfg');

  it('finds replicas again, repeats nothing that was sent, and logs no header', () => {
    verifies('deployment.balancer');
    expect(balancerFaults(configuration)).toEqual([]);
  });

  it.each([
    ['retry-on conn-failure', 'retry-on all-retryable-errors', 'a request that was sent may be sent again'],
    ['retry-on conn-failure', '', 'a request that was sent may be sent again'],
    ['option redispatch 1', '', 'a replica that does not answer is tried again'],
    [' resolvers engine', '', 'an address is kept for ever'],
    ['uri /readyz', 'uri /livez', 'replicas that drain get requests'],
    ['server proxy-2', 'server proxy-3', 'a replica gets no requests'],
    ['tune.bufsize 278528', 'tune.bufsize 81920', 'headers that a proxy accepts are refused'],
    ['tune.bufsize 278528', 'tune.bufsize 81920', 'the registry is told that more headers pass'],
    ['option forwardfor', '', 'addresses of callers are lost'],
    ['%HPO', '%HU', 'the log may hold credentials'],
    ['  monitor-uri', '  capture request header Authorization len 64\n  monitor-uri', 'headers are captured'],
    [' /.well-known/', ' /.well-known/ /metrics', "a proxy's own endpoints are passed on"],
  ])('does not with %j made %j', (right, wrong, fault) => {
    expect(configuration).toContain(right);
    expect(balancerFaults(configuration.replace(right, wrong))).toContain(fault);
  });
});
