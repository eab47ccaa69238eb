import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWriter } from '../../electron/store/write/writer.ts';
import { eventually } from '../support/eventually.ts';
import { tempStore } from '../support/temp-store.ts';
import { openRunner, shellJob } from './open-runner.ts';

/** A store whose disk takes `ms` for each sync: until then a commit can be read and is not announced. */
function slowStore(ms: number) {
  const store = tempStore();
  const disk = { ms };
  const writer = createWriter(store.db, {
    onCommitError: (error) => store.commitErrors.push(error),
    onAnnounceError: (error) => {
      throw error;
    },
    wal: { sync: (done) => void setTimeout(done, disk.ms, null), failure: () => null },
  });
  return { ...store, writer, disk };
}

describe('on a disk that syncs slowly', () => {
  it('stopping ends with the last run, also when runs end while others are being written', async () => {
    const store = slowStore(0);
    const go = join(store.dir, 'go');
    const waits = (seconds: number): string => `while [ ! -e '${go}' ]; do sleep 0.02; done; sleep ${seconds}`;
    const jobs = [0, 0.1, 0.2, 0.3].map((seconds, index) => shellJob(`j${index}`, waits(seconds)));
    const app = openRunner(jobs, { store });
    await app.runner.start();
    for (const { spec } of jobs) await app.post(spec.slug);
    await eventually(() => expect(app.runner.counts().running).toBe(4));
    store.disk.ms = 250;
    const startedMs = performance.now();
    const stopping = app.stop(120_000);
    writeFileSync(go, '');
    await stopping;
    // Long before the two minutes after which it would give up waiting for them.
    expect(performance.now() - startedMs).toBeLessThan(90_000);
  });

  it('a run that was being claimed when the app stopped is ended like the others', async () => {
    const store = slowStore(0);
    const app = openRunner([shellJob('job', 'sleep 60')], { store });
    await app.runner.start();
    store.disk.ms = 400;
    // It is claimed in the transaction that plans it.
    const posted = app.post('job');
    await eventually(() => expect(store.db.prepare('SELECT state FROM runs').all()).toEqual([{ state: 'running' }]));
    expect(app.runner.counts().running).toBe(0);
    await app.stop(400);
    const id = await posted;
    // As every run that the end of the app has interrupted: the next start takes it up again.
    expect(app.row(id).state).toBe('queued');
  });

  it('counting queued runs again counts none twice', async () => {
    const store = slowStore(0);
    const app = openRunner([shellJob('job', 'exit 0')], { store });
    await app.runner.start();
    app.runner.hold(true);
    store.disk.ms = 200;
    const posted = app.post('job');
    await eventually(() =>
      expect(store.db.prepare("SELECT count(*) AS n FROM runs WHERE state = 'queued'").get()).toEqual({ n: 1 }),
    );
    app.runner.wake();
    const id = await posted;
    expect(app.runner.counts().waiting).toBe(1);
    app.runner.hold(false);
    await app.ended(id);
  });
});
