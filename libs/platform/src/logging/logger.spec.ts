import { describe, expect, it } from 'vitest';
import { LetheError } from '../errors.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

const CANARY = 'canary-5f0c1d';

function logOf(write: (logger: ReturnType<typeof createLogger>) => void): {
  text: string;
  line: Record<string, unknown>;
} {
  const lines: string[] = [];
  write(createLogger('registry', 'trace', { write: (line) => void lines.push(line) }));
  return { text: lines.join(''), line: JSON.parse(lines[0] ?? '{}') };
}

describe('createLogger', () => {
  it('writes one JSON line with service, level, time, allowed fields and the text', () => {
    const { line } = logOf((logger) => logger.info({ gateway: 'github', durationMs: 3, code: undefined }, 'Verified'));
    expect(line).toMatchObject({
      level: 'info',
      service: 'registry',
      gateway: 'github',
      durationMs: 3,
      msg: 'Verified',
    });
    expect(Object.keys(line).toSorted()).toEqual(['durationMs', 'gateway', 'level', 'msg', 'service', 'time']);
  });

  it('drops every field that is not allowed, and names it', () => {
    const { text, line } = logOf((logger) =>
      logger.warn({ headers: { authorization: CANARY }, body: CANARY, url: `/?q=${CANARY}`, req: { headers: CANARY } }),
    );
    expect(text).not.toContain(CANARY);
    expect(line['dropped']).toEqual(['headers', 'body', 'url', 'req']);
  });

  it('takes no objects as values of allowed fields, and cuts long texts', () => {
    const { text, line } = logOf((logger) => logger.info({ reason: { token: CANARY }, route: 'x'.repeat(5_000) }));
    expect(text).not.toContain(CANARY);
    expect(line['route']).toHaveLength(256);
  });

  it('says the code of an error also if it is a number', () => {
    const error = Object.assign(new Error(CANARY), { code: 10_008 });
    const { text, line } = logOf((logger) => logger.warn({ err: error }, 'NATS has no leader'));
    expect(line['err']).toMatchObject({ code: '10008' });
    expect(text).not.toContain(CANARY);
  });

  it('says of an error its name, code and frames, never its message', () => {
    const error = Object.assign(new TypeError(`Headers.append: "${CANARY}"\n    at ${CANARY}`), {
      code: 'ERR_INVALID_CHAR',
    });
    const { text, line } = logOf((logger) => logger.error({ err: error }, 'Failed'));
    expect(text).not.toContain(CANARY);
    expect(line['err']).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_CHAR' });
    expect(text).toContain('logger.spec.ts');
  });

  it('says no message of an error handed over bare or as a cause', () => {
    const cause = new Error(CANARY);
    const { text } = logOf((logger) => {
      logger.error(cause);
      logger.error({ err: new LetheError('internal', { hint: CANARY }, { cause }) });
    });
    expect(text).not.toContain(CANARY);
  });

  it('formats nothing into a text, and drops what a child logger may not carry', () => {
    const { text } = logOf((logger) => {
      logger.info('token %s', CANARY);
      logger.info({ count: 1 }, 'token %s', CANARY);
      logger.child({ token: CANARY, context: 'Pool' }).info('Refilled');
    });
    expect(text).not.toContain(CANARY);
    expect(text).toContain('"context":"Pool"');
  });

  it('says the fixed message of a LetheError', () => {
    const { line } = logOf((logger) => logger.error({ err: new LetheError('slot_gone') }));
    expect(line['err']).toMatchObject({
      name: 'LetheError',
      code: 'slot_gone',
      message: expect.stringMatching(/takes no credential any more/),
    });
  });
});

describe('NestLogger', () => {
  it('passes texts and contexts', () => {
    const { line } = logOf((logger) => new NestLogger(logger).log('Mapped {/livez, GET} route', 'RouterExplorer'));
    expect(line).toMatchObject({ level: 'debug', context: 'RouterExplorer', msg: 'Mapped {/livez, GET} route' });
  });

  it('says no message of an error, nor of a stack beside a text', () => {
    const { text } = logOf((logger) => {
      const nest = new NestLogger(logger);
      nest.error(new Error(CANARY), 'ExceptionsHandler');
      nest.error(CANARY, `Error: ${CANARY}\n    at x (y.js:1:1)`, 'Anything');
      nest.warn({ value: CANARY }, 'Anything');
    });
    expect(text).not.toContain(CANARY);
  });
});
