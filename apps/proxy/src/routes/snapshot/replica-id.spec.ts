import { expect, it } from 'vitest';
import { replicaId } from './replica-id.js';

it('has the whole name of a pod, is new each time, and is never longer than its contract allows', () => {
  const pod = 'company-lethe-proxy-7c9d5b6f4d-x2k4j';
  expect(replicaId(pod)).toMatch(new RegExp(`^${pod}/[0-9a-f]{12}$`));
  expect(replicaId(pod)).not.toBe(replicaId(pod));
  expect(replicaId('h'.repeat(255))).toHaveLength(64);
});
