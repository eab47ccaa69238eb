import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endedRun, endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from '../process/signalbox.ts';
import { jsonLines, runCommand, runInTerminal, startCommand } from './run-signalbox.ts';

const place = makePlace();
const gate = join(place.dir, 'gate');

/** Writes two lines, waits for the gate, writes two more; fails when the event says so. */
const job = `import { existsSync } from 'node:fs';
let text = '';
for await (const chunk of process.stdin) text += chunk;
const { payload } = JSON.parse(text);
console.log('first');
console.error('\\u001b[31mred\\u001b[0m \\u001b]0;title\\u0007');
if (payload.waits) while (!existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 20));
console.log('last');
process.exitCode = payload.fails ? 3 : 0;
`;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event, id: $.id } }
jobs:
  - { slug: work, kind: command, command: [${JSON.stringify(process.execPath)}, work.mjs], concurrency: 4 }
listeners:
  - { slug: orders, source: crm, type: "order.*", where: { all: [ { field: payload.total, op: gt, value: 10 } ] }, job: work }
`;

let box: Signalbox;
let here: string[];
let failedRun: string;
let event: string;

beforeAll(async () => {
  writeFileSync(join(place.dir, 'work.mjs'), job);
  box = await startSignalbox({ dataDir: place.dataDir, config });
  here = ['--data-dir', place.dataDir];
  [event = ''] = await box.accept('crm', { event: 'order.paid', id: 'o1', total: 20, fails: true });
  const [run] = await endedRunsOf(box, event);
  failedRun = run?.id ?? '';
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('signalbox events', () => {
  it('lists, filters and shows events', async () => {
    const listed = await runCommand(['events', 'list', 'type:order.*', ...here]);
    expect(jsonLines(listed.stdout)).toMatchObject([{ id: event, type: 'order.paid' }]);
    const none = await runCommand(['events', 'list', 'type:nothing', '--no-json', ...here]);
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'No matching events.\n' });
    const table = await runInTerminal(['events', 'list', ...here]);
    expect(table.stdout).toMatch(/^RECEIVED +ID +SOURCE +TYPE +RUNS/);
    expect(Math.max(...table.stdout.split(/\r?\n/).map(({ length }) => length))).toBeLessThanOrEqual(100);
    const file = join(place.dir, 'orders.csv');
    const wide = ['--format', 'csv', '--columns', 'type,payload.total'];
    const written = await runCommand(['events', 'export', 'type:order.paid', ...wide, '--output', file, ...here]);
    expect(written).toMatchObject({ code: 0, stdout: '', stderr: `1 event written to ${file}.\n` });
    expect(readFileSync(file, 'utf8')).toBe('Type,payload.total\r\norder.paid,20\r\n');
    const again = await runCommand(['events', 'export', ...wide, '--output', file, ...here]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('could not be created') });
    const shown = await runCommand(['events', 'show', event, '--no-json', ...here]);
    expect(shown.stdout).toContain('"total": 20');
    expect((await runCommand(['events', 'show', 'evt_none', ...here])).code).toBe(5);
  });

  it('replays events by id and by query, and shows what a query would replay', async () => {
    const byId = await runCommand(['events', 'replay', event, ...here]);
    expect(jsonLines(byId.stdout)).toMatchObject([{ replayOf: event }]);
    const query = `id:${event}`;
    const dry = await runCommand(['events', 'replay', '--query', query, '--dry-run', ...here]);
    expect(jsonLines(dry.stdout)).toMatchObject([{ events: 1, listeners: [{ listener: 'orders' }] }]);
    const byQuery = await runCommand(['events', 'replay', '--query', query, ...here]);
    expect(byQuery.code).toBe(0);
    expect(jsonLines(byQuery.stdout)).toMatchObject([{ state: 'completed', done: 1 }]);
    expect((await runCommand(['events', 'replay', ...here])).code).toBe(2);
  });
});

describe('signalbox runs', () => {
  it('lists and shows runs, and prints their output on the stream it was written to', async () => {
    const listed = await runCommand(['runs', 'list', '--event', event, '--state', 'failed', ...here]);
    expect(jsonLines(listed.stdout)).toMatchObject([{ id: failedRun, exitCode: 3 }]);
    const shown = await runCommand(['runs', 'show', failedRun, '--no-json', ...here]);
    expect(shown.stdout).toMatch(/State +failed \(exit\), exit code 3/);
    const output = await runCommand(['runs', 'output', failedRun, '--no-json', ...here]);
    expect(output.stdout).toBe('first\nlast\n');
    expect(output.stderr).toContain('red');
    const terminal = await runInTerminal(['runs', 'output', failedRun, ...here]);
    expect(terminal.stdout).toContain('\u001b[31mred\u001b[0m');
    expect(terminal.stdout).not.toContain('\u001b]0;');
    expect((await runCommand(['runs', 'list', '--state', 'odd', ...here])).code).toBe(2);
  });

  it('follows the output of a run until it ends', async () => {
    const [waiting = ''] = await box.accept('crm', { event: 'order.paid', id: 'o2', total: 20, waits: true });
    const id = await until('the run', async () => (await box.call('runs.list', { eventId: waiting })).items[0]?.id);
    const following = startCommand(['runs', 'output', id, '--follow', '--no-json', ...here]);
    await following.printed(/first/);
    writeFileSync(gate, '');
    expect(await following.ended).toMatchObject({ code: 0, stdout: 'first\nlast\n' });
    expect((await runCommand(['runs', 'output', failedRun, '--follow', ...here])).code).toBe(1);
  });

  it('acknowledges, retries and cancels', async () => {
    const inbox = await runCommand(['inbox', ...here]);
    expect(jsonLines(inbox.stdout)).toContainEqual(expect.objectContaining({ id: failedRun }));
    const acknowledged = await runCommand(['runs', 'ack', failedRun, '--note', 'seen', ...here]);
    expect(jsonLines(acknowledged.stdout)).toMatchObject([{ id: failedRun, note: 'seen' }]);
    const retried = await runCommand(['runs', 'retry', failedRun, ...here]);
    const [run] = jsonLines(retried.stdout);
    expect(run).toMatchObject({ retryOf: failedRun });
    const { items } = await box.call('runs.list', { eventId: event });
    await Promise.all(items.map(({ id }) => endedRun(box, id)));
    const ended = await runCommand(['runs', 'cancel', failedRun, ...here]);
    expect(ended.code).toBe(6);
    expect(ended.stderr).toMatch(/^signalbox: .*\n$/);
  });
});

describe('signalbox listeners', () => {
  it('lists them and explains their verdict on an event', async () => {
    expect(jsonLines((await runCommand(['listeners', 'list', ...here])).stdout)).toMatchObject([{ slug: 'orders' }]);
    const explained = await runCommand(['listeners', 'explain', event, '--no-json', ...here]);
    expect(explained.stdout).toMatch(/^orders matches\n/);
    const [cheap = ''] = await box.accept('crm', { event: 'order.paid', id: 'o3', total: 1 });
    const missed = await runCommand(['listeners', 'explain', cheap, '--no-json', ...here]);
    expect(missed.stdout).toMatch(/^orders does not match \(1 clause away\)/);
    expect(missed.stdout).toMatch(/✗ .*payload\.total.*, is 1\n/);
  });

  it('tries one from a file before it is saved', async () => {
    const file = join(place.dir, 'listener.yaml');
    writeFileSync(
      file,
      'slug: cheap\njob: work\ntype: "order.*"\nwhere: { all: [ { field: payload.total, op: lt, value: 10 } ] }\n',
    );
    const tried = await runCommand(['listeners', 'test', file, ...here]);
    expect(jsonLines(tried.stdout)).toMatchObject([{ matched: 1 }]);
    expect((await runCommand(['listeners', 'test', file, '--event', event, ...here])).code).toBe(1);
    const wrong = await runCommand(['listeners', 'test', '-', ...here], { input: 'type: [1]\n' });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('"type[0]" must be text');
    expect(await box.call('listeners.list', {})).toMatchObject({ items: [{ slug: 'orders' }] });
  });
});
