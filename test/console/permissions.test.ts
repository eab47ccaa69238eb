import { describe, expect, it, vi } from 'vitest';
import { dispatch } from '../../electron/console/calls/dispatch.ts';
import { callPermissions } from '../../shared/contract/access/call-permissions.ts';
import { type Caller, localCaller, vias } from '../../shared/contract/access/caller.ts';
import { type Permission, permissions, type Role, roles } from '../../shared/contract/access/roles.ts';
import type { CallName, Handlers } from '../../shared/contract/index.ts';
import { capturedLog } from './captured-log.ts';
import { callNames, fakeHandlers } from './fake-handlers.ts';

const account = (role: Role, mayApprove = false, via: Caller['via'] = 'session'): Caller => ({
  transport: 'http',
  via,
  address: '127.0.0.1',
  account: { id: 'acc_1', name: 'Ada', role, mayApprove, keyId: null },
});

/** Whether a handler was reached, and the error where none was. */
async function tryCall(name: CallName, caller: Caller) {
  const reached = vi.fn();
  const handlers: Partial<Handlers> = {};
  const { log } = capturedLog();
  const real = fakeHandlers(handlers);
  const watched = new Proxy(real, {
    get(target, key) {
      reached(key);
      return Reflect.get(target, key);
    },
  });
  const reply = await dispatch(watched, name, {}, caller, log);
  // An input of {} is refused by most calls, after the caller was let through.
  return { isForbidden: !reply.ok && reply.error.code === 'forbidden', reply, reached };
}

const held: [string, Caller, Permission[]][] = [
  ['a viewer', account('viewer'), ['read', 'own']],
  ['an operator', account('operator'), ['read', 'operate', 'own']],
  ['an operator who may approve', account('operator', true), ['read', 'operate', 'approve', 'own']],
  ['an admin', account('admin'), ['read', 'operate', 'define', 'administer', 'own']],
  ['an API token of an admin', account('admin', false, 'api_token'), ['read', 'operate', 'define', 'administer']],
  ...vias
    .filter((via) => !['session', 'api_token', 'proxy'].includes(via))
    .map((via): [string, Caller, Permission[]] => [
      `the local administrator by ${via}`,
      localCaller('http', via),
      permissions.filter((one) => one !== 'own'),
    ]),
];

describe('dispatch', () => {
  it.each(held)('holds %s to the table at every call', async (_who, caller, has) => {
    for (const name of callNames) {
      const { isForbidden, reply, reached } = await tryCall(name, caller);
      expect({ name, isForbidden }).toEqual({ name, isForbidden: !has.includes(callPermissions[name]) });
      if (!isForbidden) continue;
      expect(reached).not.toHaveBeenCalled();
      expect(reply).toMatchObject({ error: { message: expect.stringContaining(name) } });
    }
  });
});

describe('the table', () => {
  it('has every call and nothing else', () => {
    expect(Object.keys(callPermissions).toSorted()).toEqual(callNames.toSorted());
  });

  it('lets a viewer change nothing', () => {
    const reading = callNames.filter((name) => callPermissions[name] === 'read');
    const changing =
      /\.(?:create|update|set|remove|add|apply|install|rotate|cancel|retry|approve|reject|answer|raise|take|replay|start|restore|keep|sendTest|testRun)/;
    expect(reading.filter((name) => changing.test(name))).toEqual([]);
  });

  it('orders the roles', () => {
    expect(roles).toEqual(['viewer', 'operator', 'admin']);
  });
});
