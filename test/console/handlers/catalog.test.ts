import pino from 'pino';
import { expect, it } from 'vitest';
import { dispatch } from '../../../electron/console/calls/dispatch.ts';
import { createCatalogHandlers } from '../../../electron/console/handlers/catalog.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import type { LocalType } from '../../../shared/contract/catalog.ts';
import { tempStore } from '../../support/temp-store.ts';
import { fakeHandlers } from '../fake-handlers.ts';

function open() {
  const { db, writer } = tempStore();
  const clock = { nowMs: Date.parse('2026-03-01T10:00:00.000Z') };
  const told: LocalType[][] = [];
  const handlers = fakeHandlers(
    createCatalogHandlers({ db, writer, nowMs: () => clock.nowMs, onCatalogChanged: (items) => told.push(items) }),
  );
  const call = (name: string, input: unknown) =>
    dispatch(handlers, name, input, appCaller, pino({ level: 'silent' }), { checkOutput: true });
  return { call, clock, told };
}

const dances = { system: 'flatfile', type: 'job:dances', description: 'A job dances' };

it('adds a type once, changes what is said of it, and tells the whole list each time', async () => {
  const { call, clock, told } = open();
  const stored = { ...dances, addedAt: '2026-03-01T10:00:00.000Z' };
  expect(await call('catalog.add', { ...dances, description: '  A job dances ' })).toEqual({ ok: true, value: stored });
  clock.nowMs += 60_000;
  const changed = { ...stored, description: 'A job is done' };
  expect(await call('catalog.add', { ...dances, description: 'A job is done' })).toEqual({ ok: true, value: changed });
  expect(await call('catalog.list', {})).toEqual({ ok: true, value: { items: [changed] } });
  expect(told).toEqual([[stored], [changed]]);
});

it('removes a type, and says so when there is none', async () => {
  const { call, told } = open();
  await call('catalog.add', dances);
  const { description: _description, ...key } = dances;
  expect(await call('catalog.remove', key)).toEqual({ ok: true, value: { done: true } });
  expect(told.at(-1)).toEqual([]);
  expect(await call('catalog.remove', key)).toMatchObject({
    ok: false,
    error: { code: 'not_found', message: expect.stringContaining('job:dances') },
  });
  expect(told).toHaveLength(2);
});

it('takes types of 200 characters and descriptions of 1 to 200', async () => {
  const { call } = open();
  const longest = { ...dances, type: 't'.repeat(200), description: 'd'.repeat(200) };
  expect(await call('catalog.add', longest)).toMatchObject({ ok: true });
  for (const [field, value] of [
    ['type', 't'.repeat(201)],
    ['type', ''],
    ['description', 'd'.repeat(201)],
    ['description', '  '],
    ['system', ''],
  ] as const) {
    expect(await call('catalog.add', { ...dances, [field]: value })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', details: [{ path: [field] }] },
    });
  }
  expect(await call('catalog.list', {})).toMatchObject({ value: { items: [{ type: longest.type }] } });
});
