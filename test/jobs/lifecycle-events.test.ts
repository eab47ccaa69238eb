import { expect, it } from 'vitest';
import { statusOf } from '../../electron/runs/run-event.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { eventually } from '../support/eventually.ts';
import { type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

interface Said {
  type: string;
  payload: Record<string, unknown>;
}

/** What a run has said on the built-in source, oldest first. */
function said(app: OpenRunner, id: string): Said[] {
  const rows = statement(
    app.store.db,
    'SELECT t.type, e.payload FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ? ORDER BY e.seq',
  ).all(id) as { type: string; payload: string }[];
  return rows.map(({ type, payload }) => ({ type, payload: JSON.parse(payload) }));
}

const listening = (...types: string[]) => types.map((type, n) => ({ slug: `w${n}`, type, job: 'watch' }));
const watch = shellJob('watch', 'true', { concurrency: 4 });

it('a run that is put off says until when, once for each attempt that follows', async () => {
  const app = openRunner([shellJob('flaky', 'echo broken >&2; exit 3', { attempts: 3, backoff: '20ms' }), watch], {
    chain: listening('job:scheduled', 'job:updated'),
  });
  await app.runner.start();
  const id = await app.post('flaky');
  await app.ended(id);
  const [first, second, last, ...more] = said(app, id);
  expect(more).toEqual([]);
  for (const [index, one] of [first, second].entries()) {
    expect(one).toMatchObject({
      type: 'job:scheduled',
      payload: {
        job: 'job:flaky',
        domain: 'job',
        operation: 'flaky',
        status: 'scheduled',
        state: 'scheduled',
        attempt: index + 1,
        reason: 'exit',
        exitCode: 3,
        info: 'exit code 3: broken',
        dueAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
  }
  expect(last).toMatchObject({ type: 'job:failed', payload: { status: 'failed', dueAt: null } });
});

it('a plan is told before its first part, and again when all of its parts are done', async () => {
  const app = openRunner([scriptJob('import', 'import.mjs'), watch], {
    chain: listening('job:updated', 'job:parts-completed'),
  });
  app.script(
    'import.mjs',
    `export default async (event, run) => {
      run.plan(['Read', 'Write']);
      await run.part('Read', async () => {});
      await run.part('Write', async () => {});
      await run.part('Extra', async () => {});
    };`,
  );
  await app.runner.start();
  const id = await app.post('import');
  await app.ended(id);
  const all = said(app, id);
  expect(all[0]).toMatchObject({
    type: 'job:updated',
    payload: {
      status: 'planning',
      progress: { percent: 0, message: '' },
      steps: [
        { name: 'Read', state: 'waiting' },
        { name: 'Write', state: 'waiting' },
      ],
    },
  });
  expect(all.filter(({ type }) => type === 'job:parts-completed')).toMatchObject([
    {
      payload: {
        job: 'job:import',
        status: 'executing',
        progress: { percent: 100 },
        steps: [
          { name: 'Read', state: 'completed', percent: 100 },
          { name: 'Write', state: 'completed', percent: 100 },
        ],
      },
    },
  ]);
  expect(all.at(-1)).toMatchObject({
    type: 'job:completed',
    payload: { status: 'complete', progress: { percent: 100 } },
  });
});

it('parts that only the end completes are told with it, and those of a failed run are not', async () => {
  const parts = 'echo "::part name=Read state=running::"; echo "::part name=Write state=running::"';
  const app = openRunner([shellJob('works', parts), shellJob('fails', `${parts}; exit 1`), watch], {
    chain: listening('job:parts-completed'),
  });
  await app.runner.start();
  const [works, fails] = [await app.post('works'), await app.post('fails')];
  await app.ended(works);
  await app.ended(fails);
  expect(said(app, works)).toMatchObject([
    { type: 'job:parts-completed', payload: { status: 'executing', progress: { percent: 100 } } },
    { type: 'job:completed', payload: { steps: [{ state: 'completed' }, { state: 'completed' }] } },
  ]);
  expect(said(app, fails).map(({ type }) => type)).toEqual(['job:failed']);
});

it('nothing of this is stored where no listener could take it', async () => {
  const app = openRunner([
    shellJob('import', 'echo "::plan A"; echo "::part name=A state=completed::"; exit 1', {
      attempts: 2,
      backoff: '1ms',
    }),
  ]);
  await app.runner.start();
  const id = await app.post('import');
  await app.ended(id);
  expect(said(app, id).map(({ type }) => type)).toEqual(['job:failed']);
  await eventually(() => expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 }));
});

it('a run is in one of the states of the vendor’s lifecycle', () => {
  const waiting = [{ name: 'Read', state: 'waiting', percent: null }] as const;
  const running = [{ name: 'Read', state: 'running', percent: 1 }] as const;
  expect(statusOf('job:updated', 'running', waiting)).toBe('planning');
  expect(statusOf('job:updated', 'running', running)).toBe('executing');
  expect(statusOf('job:updated', 'running', [])).toBe('executing');
  expect(statusOf('job:updated', 'running')).toBe('executing');
  expect(statusOf('job:scheduled', 'scheduled')).toBe('scheduled');
  expect(statusOf('job:completed', 'completed', waiting)).toBe('complete');
  expect(statusOf('job:interaction-required', 'interaction_required', running)).toBe('waiting');
});
