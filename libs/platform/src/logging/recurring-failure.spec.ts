import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { RecurringFailure } from './recurring-failure.js';

function logged() {
  const lines: { msg: string; count?: number; err?: { code?: string } }[] = [];
  const logger = createLogger('registry', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const failure = new RecurringFailure(logger, 'The sweep');
  return { failure, said: () => lines.map(({ msg, count, err }) => [msg, count ?? err?.code]) };
}

describe('a failure that recurs', () => {
  it('is logged when it begins, when it becomes another, and when it is over', () => {
    const { failure, said } = logged();
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    failure.succeeded();
    for (let n = 0; n < 100; n += 1) failure.failed(refused);
    failure.failed(Object.assign(new Error('x'), { code: '28P01' }));
    failure.succeeded();
    failure.succeeded();
    failure.failed(refused);
    expect(said()).toEqual([
      ['The sweep failed; it is tried again', 'ECONNREFUSED'],
      ['The sweep failed; it is tried again', '28P01'],
      ['The sweep works again', 101],
      ['The sweep failed; it is tried again', 'ECONNREFUSED'],
    ]);
  });
});
