import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openApp } from './open-app.ts';

it('counts what the receiver answered, and a restart keeps it', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic' });
  await app.call('jobs.create', { slug: 'note', kind: 'command', command: ['/bin/sh', '-c', 'exit 3'] });
  await app.call('listeners.create', {
    slug: 'large',
    source: 'crm',
    type: ['order.*'],
    where: { all: [{ field: 'payload.total', op: 'gt', value: 100 }] },
    job: 'note',
  });
  await Promise.all(
    [50, 90, 120, 400].map((total) => app.post('crm', { type: 'order.created', payload: { total }, total })),
  );
  await eventually(async () => {
    const { failing } = await app.call('insights.runs', { hours: 24 });
    expect(failing).toEqual([{ listener: 'large', job: 'note', failed: 2 }]);
  });
  const { slow } = await app.call('insights.runs', { hours: 24 });
  expect(slow).toMatchObject([{ job: 'note', runs: 2 }]);
  expect((await app.call('insights.sources', {})).items).toMatchObject([
    { slug: 'crm', rhythm: { usualIntervalMs: null, isSilent: false } },
  ]);
  expect(await app.call('sources.statistics', { slug: 'crm', hours: 24 })).toMatchObject({ accepted: 4, refused: 0 });
  expect(await app.call('listeners.statistics', { slug: 'large', hours: 24 })).toMatchObject({
    events: 4,
    matched: 2,
    isCut: false,
    clauses: [{ failed: 2, alone: 2 }],
  });
  const sum = async (): Promise<{ total: number; matched: number }> => {
    const { buckets } = await app.call('listeners.histogram', { slug: 'large', query: 'after:1h' });
    return {
      total: buckets.reduce((all, bucket) => all + bucket.total, 0),
      matched: buckets.reduce((all, bucket) => all + bucket.matched, 0),
    };
  };
  expect(await sum()).toEqual({ total: 4, matched: 2 });
  const before = await app.call('insights.readings', { hours: 24 });
  expect(before).toMatchObject({ answered: 4, waiting: 0, running: 0 });
  expect(before.answerMs?.p50).toBeGreaterThan(0);
  expect(before.databaseBytes).toBeGreaterThan(0);
  await app.stop();
  const again = await openApp(app.dataDir);
  const after = await again.call('insights.readings', { hours: 24 });
  expect(after.answered).toBe(4);
  expect(after.answerMs).toEqual(before.answerMs);
});
