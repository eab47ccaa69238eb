import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { listScheduled } from '../../electron/store/events/scheduled-events.ts';
import { readAnnotations } from '../../electron/store/runs/run-history.ts';
import { customType } from '../../shared/vendors/revoengine/custom-type.ts';
import { eventually } from '../support/eventually.ts';
import { type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

interface Raised {
  id: string;
  type: string;
  payload: string;
  context: string;
  caused_by_run: string | null;
  depth: number;
  ignored: number;
  chain_stopped: number;
}

const raised = (app: OpenRunner): Raised[] =>
  statement(
    app.store.db,
    `SELECT e.id, t.type, e.payload, e.context, e.caused_by_run, e.depth, e.ignored, e.chain_stopped
     FROM events e JOIN event_types t ON t.id = e.type_id WHERE t.type LIKE 'CUSTOM_%' ORDER BY e.seq`,
  ).all() as Raised[];

const person = { runId: null, depth: 0, by: 'ada' };

describe('raising an event', () => {
  it.each([
    ['customer_sync', 'CUSTOM_CUSTOMER_SYNC'],
    ['CUSTOM_CUSTOMER_SYNC', 'CUSTOM_CUSTOMER_SYNC'],
    ['custom_thing', 'CUSTOM_THING'],
    ['order created!', 'CUSTOM_ORDER_CREATED'],
  ])('names %s as %s', (given, type) => {
    expect(customType(given)).toBe(type);
  });

  it('starts who listens, and leaves what nobody takes as ignored', async () => {
    const app = openRunner([shellJob('sync', 'cat')], { chain: [{ slug: 's', type: 'CUSTOM_SYNC', job: 'sync' }] });
    await app.runner.start();
    const done = await app.raise({ type: 'sync', message: { id: 7 }, metadata: { tenant: 'a' } }, person);
    expect(done).toMatchObject({ type: 'CUSTOM_SYNC', scheduledId: null, dueAt: null });
    await app.raise({ type: 'other' }, person);
    await eventually(() => expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 }));
    expect(raised(app)).toMatchObject([
      { id: done.eventId, payload: '{"id":7}', context: '{"tenant":"a"}', ignored: 0, depth: 0, caused_by_run: null },
      { type: 'CUSTOM_OTHER', payload: '{}', ignored: 1 },
    ]);
  });

  it.each([
    [{ type: 'a', inSeconds: 1, scheduleFor: '2030-01-01T00:00:00Z' }, /not both/],
    [{ type: 'a', inSeconds: 30 * 86_400 + 1 }, /30 days/],
    [{ type: 'a', scheduleFor: '2999-01-01T00:00:00Z' }, /30 days/],
    [{ type: '!!' }, /no letters/],
    [{ message: {} }, /type/],
    [{ type: 'a', metadata: [1] }, /metadata/],
  ])('refuses %j', async (input, message) => {
    const app = openRunner([]);
    await expect(app.raise(input, person)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(message),
    });
    expect(raised(app)).toEqual([]);
  });

  it('works from scripts and from commands, one deeper, with secrets masked', async () => {
    const secrets = { KEY: { secret: 'key' } };
    const app = openRunner(
      [
        scriptJob('ask', 'ask.mjs', { secrets }),
        shellJob(
          'tell',
          `
      echo '::raise type=from_command,metadata={"n":1}::{"by":"shell"}'
      echo '::raise type=later inSeconds=3600 metadata={"n":2}::{}'
      echo '::raise type=broken::{'
    `,
        ),
      ],
      { secrets: { key: 'hush-hush' } },
    );
    app.script(
      'ask.mjs',
      `export default async (event, run) => {
      const now = await run.raise('from script', { key: process.env.KEY }, { metadata: { m: 1 } });
      const later = await run.raise('later', {}, { inSeconds: 60 });
      const both = await run.raise('x', {}, { inSeconds: 1, scheduleFor: '2030-01-01T00:00:00Z' }).catch((error) => error.code);
      run.raise('!!');
      return { now, later: later.dueAt, both };
    };`,
    );
    await app.runner.start();
    const [script, command] = [await app.post('ask'), await app.post('tell')];
    const row = await app.ended(script);
    expect(row).toMatchObject({ state: 'completed' });
    await app.ended(command);
    await eventually(() => expect(raised(app)).toHaveLength(2));
    expect(JSON.parse(row.outcome ?? '')).toMatchObject({
      now: { type: 'CUSTOM_FROM_SCRIPT', eventId: expect.stringMatching(/^evt_/) },
      later: expect.any(String),
      both: 'invalid_input',
    });
    expect(raised(app).sort((a, b) => (a.type > b.type ? -1 : 1))).toMatchObject([
      { type: 'CUSTOM_FROM_SCRIPT', payload: '{"key":"***"}', context: '{"m":1}', caused_by_run: script, depth: 1 },
      { type: 'CUSTOM_FROM_COMMAND', payload: '{"by":"shell"}', context: '{"n":1}', caused_by_run: command, depth: 1 },
    ]);
    expect(listScheduled(app.store.db, 'scheduled', 10)).toMatchObject({
      total: 2,
      rows: [
        { type: 'CUSTOM_LATER', caused_by_run: script, depth: 1 },
        { type: 'CUSTOM_LATER', caused_by_run: command, context: '{"n":2}' },
      ],
    });
    await eventually(() =>
      expect(readAnnotations(app.store.db, app.row(command))).toMatchObject([
        { level: 'warning', text: expect.stringContaining('message of the event broken is not JSON') },
      ]),
    );
  });

  it('is refused beyond 1,000 of a run, which says so once', async () => {
    const app = openRunner([scriptJob('many', 'many.mjs')]);
    app.script(
      'many.mjs',
      `export default async (_event, run) => {
        let refused = 0;
        // Not stored, for its type, and counted all the same.
        for (let n = 0; n < 1_050; n++) await run.raise(n === 0 ? 'first' : '!!').catch((error) => {
          if (/at most 1000/.test(error.message)) refused += 1;
        });
        run.warning('of its own');
        return { refused };
      };`,
    );
    await app.runner.start();
    const run = await app.post('many');
    expect(JSON.parse((await app.ended(run)).outcome ?? '')).toMatchObject({ refused: 50 });
    const texts = readAnnotations(app.store.db, app.row(run)).map(({ text }) => text);
    expect(texts.filter((text) => text.includes('may raise at most 1000 events'))).toHaveLength(1);
  });

  it('stops a chain that feeds on itself', async () => {
    const app = openRunner([shellJob('loop', `echo '::raise type=again::{}'`)], {
      chain: [{ slug: 'l', type: 'CUSTOM_AGAIN', job: 'loop' }],
    });
    await app.runner.start();
    await app.post('loop');
    await eventually(() => expect(raised(app).at(-1)).toMatchObject({ chain_stopped: 1, depth: 9 }));
    await eventually(() => expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 }));
    expect(raised(app)).toHaveLength(9);
  });
});
