import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makePlace, startSignalbox } from '../process/signalbox.ts';
import { newDataDir, openApp } from '../runtime/open-app.ts';
import { jsonLines, runCommand } from './run-signalbox.ts';

const config = (timeout: string): string => `version: 1
settings: { concurrency: 7 }
sources:
  - { slug: crm, preset: generic, event: { type: $.event } }
jobs:
  - { slug: work, kind: command, command: ["true"], timeout: ${timeout} }
listeners:
  - { slug: orders, source: crm, type: "order.*", job: work }
`;

it('validates a file without a server, with file and line of each problem', async () => {
  const file = join(newDataDir(), 'signalbox.yaml');
  writeFileSync(file, config('5m'));
  expect(await runCommand(['config', 'validate', file])).toMatchObject({ code: 0, stdout: '' });
  const wrong = config('5m').replace('job: work', 'job: wrok').replace('$.event', '"$["');
  const checked = await runCommand(['config', 'validate', '-', '--no-json'], { input: wrong });
  expect(checked.code).toBe(1);
  expect(checked.stdout).toMatch(/stdin:4: sources\[0\]\.event\.type/);
  expect(checked.stdout).toMatch(/stdin:8: listeners\[0\]\.job names the job "wrok"/);
});

it('shows what a file would change, applies it as a whole, and exports it', async () => {
  const app = await openApp();
  const here = ['--data-dir', app.dataDir];
  const file = join(newDataDir(), 'signalbox.yaml');
  await app.call('jobs.create', { slug: 'mine', kind: 'command', command: ['true'] });
  writeFileSync(file, config('5m'));

  const first = await runCommand(['config', 'diff', file, '--exit-code', ...here]);
  expect(first.code).toBe(1);
  expect(jsonLines(first.stdout).map((one) => one)).toMatchObject([
    { kind: 'source', name: 'crm', change: 'added', before: null },
    { kind: 'job', name: 'work', change: 'added' },
    { kind: 'listener', name: 'orders', change: 'added' },
    { kind: 'setting', name: 'concurrency', after: 7 },
  ]);
  expect((await app.call('sources.list', {})).items.map(({ slug }) => slug)).not.toContain('crm');

  const applied = await runCommand(['config', 'apply', file, ...here]);
  expect(applied.code).toBe(0);
  expect(jsonLines(applied.stdout)).toEqual(jsonLines(first.stdout));
  expect(await app.call('settings.get', {})).toMatchObject({ concurrency: 7 });
  expect((await runCommand(['config', 'diff', file, '--exit-code', ...here])).code).toBe(0);

  writeFileSync(file, config('9m').replace(/ {2}- \{ slug: orders.*\n/, ''));
  const second = await runCommand(['config', 'diff', file, '--no-json', ...here]);
  expect(second.stdout).toBe('~ job work\n    timeout: "5m" → "9m"\n- listener orders\n');
  await runCommand(['config', 'apply', file, ...here]);
  expect(await app.call('jobs.get', { slug: 'work' })).toMatchObject({ timeout: '9m' });
  expect((await app.call('jobs.list', {})).items.map(({ slug }) => slug).toSorted()).toEqual(['mine', 'work']);

  const exported = await runCommand(['config', 'export', ...here]);
  expect(exported.stdout).toContain('timeout: 9m');
  expect(await runCommand(['config', 'validate', '-'], { input: exported.stdout })).toMatchObject({ code: 0 });
});

it('changes nothing when something is wrong, and says each problem', async () => {
  const app = await openApp();
  const input = config('5m').replace('job: work', 'job: wrok');
  const refused = await runCommand(['config', 'apply', '-', '--data-dir', app.dataDir], { input });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/stdin\.yaml:8: listeners\[0\]\.job names the job "wrok"/);
  expect((await app.call('jobs.list', {})).items).toEqual([]);
});

it('is compared, but not applied, on a server that follows a config file of its own', async () => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir, config: config('5m') });
  onTestFinished(async () => {
    await box.end();
    place.remove();
  });
  const here = ['--data-dir', place.dataDir, '--as', box.configFile];
  const input = config('6m');
  expect(jsonLines((await runCommand(['config', 'diff', '-', ...here], { input })).stdout)).toMatchObject([
    { kind: 'job', name: 'work', change: 'changed' },
  ]);
  const refused = await runCommand(['config', 'apply', '-', ...here], { input });
  expect(refused.code).toBe(6);
  expect(refused.stderr).toContain(box.configFile);
});
