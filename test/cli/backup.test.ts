import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makePlace, startSignalbox } from '../process/signalbox.ts';
import { jsonLines, runCommand } from './run-signalbox.ts';

const config = 'version: 1\nsources:\n  - { slug: crm, preset: generic, event: { type: $.event } }\n';

it('makes, lists, verifies and restores backups', async () => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir, config });
  onTestFinished(async () => {
    await box.end();
    place.remove();
  });
  const here = ['--data-dir', place.dataDir];
  const eventsNow = async () => (await box.call('events.list', { query: 'source:crm' })).items.map(({ type }) => type);
  await box.accept('crm', { event: 'kept' });

  const created = await runCommand(['backup', 'create', ...here]);
  expect(created.code).toBe(0);
  const [made] = jsonLines(created.stdout) as { name: string; verified: { events: number } }[];
  expect(made?.verified.events).toBe(1);
  const name = made?.name ?? '';
  expect(jsonLines((await runCommand(['backup', 'list', ...here])).stdout)).toMatchObject([{ name, reason: 'asked' }]);
  expect(await runCommand(['backup', 'verify', name, '--no-json', ...here])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Whole\.\n/),
  });

  await box.accept('crm', { event: 'later' });
  const hesitant = await runCommand(['backup', 'restore', name, ...here]);
  expect(hesitant.code).toBe(2);
  expect(hesitant.stderr).toContain('--yes');
  expect(await eventsNow()).toEqual(['later', 'kept']);
  const restored = await runCommand(['backup', 'restore', name, '--yes', ...here]);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(jsonLines(restored.stdout)).toMatchObject([{ phase: 'running' }]);
  expect(await eventsNow()).toEqual(['kept']);

  const file = join(place.dataDir, 'backups', name);
  const bytes = readFileSync(file);
  bytes.fill(0xaa, statSync(file).size - 12_000);
  writeFileSync(file, bytes);
  const damaged = await runCommand(['backup', 'verify', name, ...here]);
  expect(damaged.code).toBe(1);
  expect(jsonLines(damaged.stdout)).toMatchObject([
    { problem: expect.stringContaining('damaged'), backup: { verified: null } },
  ]);
  expect((await runCommand(['backup', 'restore', name, '--yes', ...here])).code).not.toBe(0);
  expect((await runCommand(['backup', 'verify', 'none.db', ...here])).code).toBe(5);
});
