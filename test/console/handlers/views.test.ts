import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../electron/console/calls/dispatch.ts';
import { createViewHandlers } from '../../../electron/console/handlers/views.ts';
import { createInlineReader } from '../../../electron/store/read/inline-reader.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import type { View } from '../../../shared/contract/views.ts';
import { delivery, draft, tempIntake, tempStore } from '../../support/temp-store.ts';
import { fakeHandlers } from '../fake-handlers.ts';

const nowMs = Date.parse('2026-03-01T10:00:00.000Z');

function open() {
  const store = tempStore();
  const { db, writer, reading } = store;
  const told: View[][] = [];
  const handlers = fakeHandlers(
    createViewHandlers({
      db,
      writer,
      reader: createInlineReader(reading),
      nowMs: () => nowMs,
      nameOf: () => 'Ada',
      onViewsChanged: (items) => told.push(items),
    }),
  );
  const call = (name: string, input: unknown) =>
    dispatch(handlers, name, input, appCaller, pino({ level: 'silent' }), { checkOutput: true });
  const save = async (input: object): Promise<View> => {
    const reply = await call('views.save', { ...orders, ...input });
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value as View;
  };
  return { store, call, save, told };
}

const orders = {
  page: 'live',
  name: 'Large orders',
  query: 'type:order.* payload.amount:>500',
  columns: [{ field: 'time' }, { field: 'type', width: 220 }, { field: 'payload.customer."last name"' }],
  sort: { by: 'payload.amount', descending: true },
  group: null,
};

describe('saved views', () => {
  it('are stored with all they show, changed, deleted and restored with their id', async () => {
    const { call, save, told } = open();
    const saved = await save({});
    expect(saved).toEqual({ ...orders, id: saved.id, savedAt: '2026-03-01T10:00:00.000Z', savedBy: 'Ada' });
    const renamed = await save({ id: saved.id, name: 'Orders', sort: null });
    expect(renamed).toMatchObject({ id: saved.id, name: 'Orders', sort: null, columns: orders.columns });
    expect(await call('views.list', {})).toEqual({ ok: true, value: { items: [renamed] } });
    expect(await call('views.remove', { id: saved.id })).toEqual({ ok: true, value: { done: true } });
    expect(await call('views.remove', { id: saved.id })).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await save({ id: saved.id });
    expect(told.map((items) => items.map(({ id, name }) => [id, name]))).toEqual([
      [[saved.id, 'Large orders']],
      [[saved.id, 'Orders']],
      [],
      [[saved.id, 'Large orders']],
    ]);
  });

  it('have one name each on a page', async () => {
    const { call, save } = open();
    const first = await save({});
    expect(await call('views.save', { ...orders, name: 'large ORDERS' })).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('large ORDERS') },
    });
    await save({ page: 'runs', columns: null, sort: null });
    // Its own name is no other's.
    expect(await save({ id: first.id, query: '' })).toMatchObject({ id: first.id, query: '' });
  });

  it.each([
    [{ query: 'payload.amount:>' }, 'invalid_query'],
    [{ columns: [{ field: 'headers.authorization' }] }, 'invalid_input'],
    [{ columns: [{ field: 'payload.__proto__.x' }] }, 'invalid_input'],
    [{ columns: [] }, 'invalid_input'],
    [{ sort: { by: 'time', descending: true } }, 'invalid_input'],
    [{ name: ' ' }, 'invalid_input'],
  ])('refuses %j', async (change, code) => {
    const { call } = open();
    expect(await call('views.save', { ...orders, ...change })).toMatchObject({ ok: false, error: { code } });
    expect(await call('views.list', {})).toEqual({ ok: true, value: { items: [] } });
  });

  it('say how many events and runs they find, internal ones only on request', async () => {
    const { store, call, save } = open();
    const { intake } = tempIntake(store);
    await intake.accept(
      delivery(Array.from({ length: 30 }, (_, n) => draft({ type: n < 4 ? 'order.paid' : 'other', payload: { n } }))),
    );
    await intake.accept(delivery([draft({ type: 'job:completed' })], { source: 'signalbox' }));
    const paid = await save({ name: 'Paid', query: 'type:order.paid', sort: null });
    const all = await save({ name: 'All', query: '', sort: null });
    const runs = await save({ page: 'runs', name: 'Failed', query: 'is:failed', columns: null, sort: null });
    const counts = (more: number) => [
      { id: all.id, count: 30 + more, isMore: false },
      { id: paid.id, count: 4, isMore: false },
      { id: runs.id, count: 0, isMore: false },
    ];
    // A count takes the time of one page at most, in which a busy machine gets less far.
    await expect.poll(() => call('views.counts', {})).toEqual({ ok: true, value: { items: counts(0) } });
    await expect
      .poll(() => call('views.counts', { internal: true }))
      .toEqual({ ok: true, value: { items: counts(1) } });
  });

  it('count to 1,000 and say that there are more', async () => {
    const { store, call, save } = open();
    const { intake } = tempIntake(store);
    await intake.accept(delivery(Array.from({ length: 1001 }, (_, n) => draft({ type: 'tick', payload: { n } }))));
    await save({ query: 'type:tick', sort: null });
    await expect
      .poll(() => call('views.counts', {}))
      .toMatchObject({ value: { items: [{ count: 1000, isMore: true }] } });
  });
});
