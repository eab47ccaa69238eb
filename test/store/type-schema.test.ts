import { describe, expect, it } from 'vitest';
import { typeSchema } from '../../electron/store/statistics/type-schema.ts';
import { treeOf } from '../../renderer/model/definitions/condition-tree.ts';
import { fieldWarnings } from '../../renderer/model/definitions/field-warnings.ts';
import type { Json } from '../../shared/contract/common.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');

async function storeOf(sent: { type: string; source?: string; payload: Json; context?: Json }[]): Promise<TempStore> {
  const store = tempStore();
  const { intake } = tempIntake(store);
  await Promise.all(
    sent.map(({ type, source = 'crm', payload, context = {} }, i) =>
      intake.accept(
        delivery([draft({ type, payload, context })], { source, atMs: nowMs - (sent.length - i) * 60_000 }),
      ),
    ),
  );
  return store;
}

const all = (store: TempStore, reached: { source: string | null; type: string[] }) =>
  typeSchema(store.reading, reached, Number.POSITIVE_INFINITY);

describe('the schema of a type', () => {
  it('has the fields with their types, share, examples and times', async () => {
    const store = await storeOf([
      { type: 'order.paid', payload: { amount: 5, items: [{ sku: 'a' }, { sku: 7 }], note: null } },
      { type: 'order.paid', payload: { amount: '6', 'a.b': true }, context: { region: 'eu' } },
      { type: 'user.deleted', payload: { secret: 1 } },
      { type: 'order.paid', source: 'shop', payload: { other: 1 } },
    ]);
    const schema = all(store, { source: 'crm', type: ['order.*'] });
    expect(schema).toMatchObject({ sampled: 2, recent: 2, isCut: false });
    const fields = new Map(schema.fields.map((field) => [field.path, field]));
    expect([...fields.keys()].filter((path) => !path.startsWith('headers'))).toEqual([
      'context.region',
      'payload."a.b"',
      'payload.amount',
      'payload.items',
      'payload.items.sku',
      'payload.note',
    ]);
    expect(fields.get('payload.amount')).toEqual({
      path: 'payload.amount',
      count: 2,
      recent: 2,
      types: expect.arrayContaining([
        { type: 'number', count: 1 },
        { type: 'string', count: 1 },
      ]),
      recentTypes: expect.arrayContaining(['string', 'number']),
      examples: ['6', '5'],
      firstAt: new Date(nowMs - 4 * 60_000).toISOString(),
      lastAt: new Date(nowMs - 3 * 60_000).toISOString(),
    });
    expect(fields.get('payload.items')?.types).toEqual(
      expect.arrayContaining([
        { type: 'list', count: 1 },
        { type: 'object', count: 1 },
      ]),
    );
    expect(fields.get('headers.content-type')).toMatchObject({ count: 2, examples: ['application/json'] });
  });

  it('finds fields that only older events had, in a bounded sample', async () => {
    const store = await storeOf(
      Array.from({ length: 900 }, (_, i) => {
        const payload: Json = i < 600 ? { old: i, id: i } : { id: i };
        return { type: 'order.paid', payload };
      }),
    );
    const schema = all(store, { source: null, type: [] });
    expect(schema.recent).toBe(100);
    expect(schema.sampled).toBeGreaterThan(200);
    expect(schema.sampled).toBeLessThanOrEqual(400);
    const old = schema.fields.find(({ path }) => path === 'payload.old');
    expect(old?.recent).toBe(0);
    expect(old?.count).toBeGreaterThan(50);
    expect(Date.parse(old?.lastAt ?? '')).toBeLessThan(nowMs - 300 * 60_000);
  });

  it('leaves damaged events out, keeps to its bounds, and is empty in an empty store', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`n${n}`, 'x'.repeat(100)]));
    const store = await storeOf([
      { type: 'a', payload: many },
      { type: 'a', payload: { fine: 1 } },
    ]);
    await store.writer.write(({ db }) => db.exec("UPDATE events SET payload = '{' WHERE seq = 2"));
    const schema = all(store, { source: null, type: [] });
    expect(schema).toMatchObject({ sampled: 1, isCut: true });
    expect(schema.fields.every(({ examples }) => examples.every((text) => text.length <= 60))).toBe(true);
    expect(all(tempStore(), { source: null, type: [] })).toMatchObject({ sampled: 0, fields: [], newestAt: null });
  });
});

describe('warnings for conditions', () => {
  const warned = async (where: unknown) => {
    const store = await storeOf(
      Array.from({ length: 120 }, (_, i) => ({
        type: 'order.paid',
        payload: { amount: i, items: [{ sku: 'a' }], ...(i < 10 ? { gone: 'x' } : {}) },
      })),
    );
    const tree = treeOf(listener({ slug: 'a', job: 'b', where }).where);
    const schema = all(store, { source: 'crm', type: ['order.*'] });
    return [...fieldWarnings(tree, schema).values()].map(({ text, lastAt }) => [text, lastAt !== null]);
  };

  it('tell of fields that no recent event has, and of another type', async () => {
    expect(
      await warned({
        all: [
          { field: 'payload.gone', op: 'eq', value: 'x' },
          { field: 'payload.typo', op: 'exists' },
          { field: 'payload.amount', op: 'eq', value: '5' },
        ],
      }),
    ).toEqual(
      expect.arrayContaining([
        ['Not in the newest 100 events', true],
        ['Not in the newest 100 events', false],
        ['In the newest 100 events it is number, not string', false],
      ]),
    );
  });

  it('are silent where the conditions fit, or mean the absence', async () => {
    expect(
      await warned({
        any: [
          { field: 'payload.amount', op: 'gt', value: 5 },
          { field: 'payload.items.sku', op: 'eq', value: 'a' },
          { field: 'payload.items.0.sku', op: 'eq', value: 'a' },
          { field: 'payload.gone', op: 'missing' },
          { field: 'type', op: 'eq', value: 'order.paid' },
        ],
      }),
    ).toEqual([]);
  });
});
