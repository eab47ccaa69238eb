import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endedRun, endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

// Approval, questions, events to come and files, over HTTP and across a kill of the app.

const place = makePlace();
let box: Signalbox;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type }, rateLimit: off }
jobs:
  - { slug: deploy, kind: command, command: [sh, -c, "printf done > $SIGNALBOX_FILES_DIR/log.txt"], approval: required }
  - { slug: login, kind: script, file: login.mjs }
  - { slug: sync, kind: command, command: [cat] }
listeners:
  - { slug: deploys, source: crm, type: deploy, job: deploy }
  - { slug: logins, source: crm, type: login, job: login }
  - { slug: syncs, source: signalbox, type: CUSTOM_SYNC, job: sync }
`;

async function only(eventId: string, inState: 'pending' | 'interaction_required') {
  return await until(`a run is ${inState}`, async () => {
    const { items } = await box.call('runs.list', { eventId, state: inState });
    return items[0];
  });
}

const send = async (type: string): Promise<string> => (await box.accept('crm', { type }))[0] ?? '';

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('lifecycles of runs and events', () => {
  it('outlive a kill of the app, and go on after the next start', async () => {
    writeFileSync(
      join(place.dir, 'login.mjs'),
      `export default (event, run) => run.ask({ message: 'Code?', fields: [{ name: 'code', type: 'secret' }] });`,
    );
    box = await startSignalbox({ dataDir: place.dataDir, config });
    const [deploy, login, stray] = [await send('deploy'), await send('login'), await send('stray')];
    const asking = await only(login, 'interaction_required');
    const soon = await box.call('events.raise', { type: 'sync', message: { n: 1 }, inSeconds: 1 });
    const late = await box.call('events.raise', { type: 'sync', inSeconds: 86_400 });
    expect(soon).toMatchObject({ type: 'CUSTOM_SYNC', eventId: null });
    await box.end('SIGKILL');

    box = await startSignalbox({ dataDir: place.dataDir, config });
    // The question is asked again, by another attempt of the same run.
    const again = await only(login, 'interaction_required');
    expect(again).toMatchObject({ id: asking.id, attempt: 2, needsAttention: 'question' });
    expect(again.question?.id).not.toBe(asking.question?.id);
    const pending = await only(deploy, 'pending');
    const inbox = await box.call('runs.list', { inbox: true });
    expect(inbox.items.map(({ needsAttention }) => needsAttention).sort()).toEqual(['approval', 'question']);
    expect((await box.call('app.status', {})).runs.inbox).toBe(2);

    const { digest, argv, event } = await box.call('runs.approval', { id: pending.id });
    expect({ argv: argv[0], type: event.type }).toEqual({ argv: 'sh', type: 'deploy' });
    await box.call('runs.approve', { ids: [pending.id], digest, note: 'go' });
    expect(await endedRun(box, pending.id)).toMatchObject({ state: 'completed', note: 'go' });
    expect(await box.call('runs.files', { id: pending.id })).toEqual({ items: [{ name: 'log.txt', sizeBytes: 4 }] });
    const file = await box.call('runs.readFile', { id: pending.id, name: 'log.txt' });
    expect(Buffer.from(file.base64, 'base64').toString()).toBe('done');

    const questionId = again.question?.id ?? '';
    await box.call('runs.answer', { id: again.id, questionId, values: { code: '424242' } });
    const done = await until('the login ends', async () => {
      const run = await box.call('runs.get', { id: again.id });
      return run.state === 'completed' ? run : null;
    });
    expect(done.outcome).toEqual({ code: '***' });
    expect(done.questions.at(-1)).toMatchObject({ result: 'answered', answer: { code: '***' } });

    // What was due while nothing ran has happened once; what is still to come is there and can be called off.
    const fired = await until('the event fires', async () => {
      const { items } = await box.call('scheduledEvents.list', { state: 'fired' });
      return items[0];
    });
    expect(fired).toMatchObject({ id: soon.scheduledId, payload: { n: 1 } });
    expect(await endedRunsOf(box, fired.eventId ?? '')).toMatchObject([{ job: 'sync', state: 'completed' }]);
    expect(await box.call('scheduledEvents.list', {})).toMatchObject({ total: 1, items: [{ id: late.scheduledId }] });
    await box.call('scheduledEvents.cancel', { id: late.scheduledId ?? '' });
    expect((await box.call('scheduledEvents.list', {})).total).toBe(0);

    expect(await box.call('events.get', { id: stray })).toMatchObject({ ignored: true, runs: [] });
    const taken = await box.call('events.take', { ids: [stray], listener: 'syncs' });
    const repeated = await box.call('events.take', { ids: [stray], listener: 'syncs' });
    expect(repeated.items.map(({ id }) => id)).toEqual(taken.items.map(({ id }) => id));
    expect(await endedRunsOf(box, stray)).toMatchObject([{ listener: 'syncs', state: 'completed' }]);
    expect(await box.call('events.get', { id: stray })).toMatchObject({ ignored: false });
  });
});
