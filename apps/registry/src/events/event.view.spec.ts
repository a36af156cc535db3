import { expect, it } from 'vitest';
import { eventType, EVENT_TYPES } from './event.view.js';

const change = (operation: string, before: object | null, after: object | null) => ({
  operation,
  before: before && { ...before },
  after: after && { ...after },
});

it.each([
  ['gateway', change('registerGateway', null, {}), 'gateway.registered'],
  ['gateway', change('changeGateway', {}, {}), 'gateway.changed'],
  ['gateway', change('verification.verified', {}, {}), 'gateway.verified'],
  ['gateway', change('applyVerification', {}, {}), 'gateway.verified'],
  ['gateway', change('verification.held', {}, {}), 'gateway.changed'],
  ['gateway', change('deleteGateway', {}, null), 'gateway.deleted'],
  ['verification', change('beginVerification', null, { state: 'running' }), 'verification.begun'],
  [
    'verification',
    change('sendCredential', { state: 'awaiting_credential' }, { state: 'running' }),
    'verification.running',
  ],
  [
    'verification',
    change('verification.verified', { state: 'running' }, { state: 'verified' }),
    'verification.verified',
  ],
  ['verification', change('x', { state: 'running' }, { state: 'verified', review: 'drift' }), 'verification.held'],
  ['verification', change('rejectVerification', { state: 'verified' }, { state: 'verified' }), 'verification.reviewed'],
  ['verification', change('x', { state: 'verified' }, { state: 'verified' }), 'verification.changed'],
  ['verification', change('x', { state: 'running' }, { state: 'invented' }), 'verification.changed'],
  ['verification', change('x', { state: 'running' }, { state: 'cancelled' }), 'verification.cancelled'],
  ['verification', change('x', { state: 'running' }, null), 'verification.deleted'],
  ['key', change('createKey', null, {}), 'key.issued'],
  ['key', change('rotateKey', null, {}), 'key.rotated'],
  ['key', change('rotateKey', {}, {}), 'key.rotated'],
  ['key', change('revokeKey', {}, null), 'key.revoked'],
  ['administrator', change('rotateAdmin', {}, {}), 'administrator.rotated'],
  ['administrator', change('administrator.created', null, {}), 'administrator.created'],
  ['server', change('deleteServer', {}, null), 'server.deleted'],
] as const)('%s: %o is %s', (kind, entry, type) => {
  expect(eventType(kind, entry)).toBe(type);
  expect(EVENT_TYPES).toContain(type);
});
