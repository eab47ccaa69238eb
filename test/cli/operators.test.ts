import { expect, it, onTestFinished } from 'vitest';
import { makePlace, startSignalbox } from '../process/signalbox.ts';
import { jsonLines, runCommand } from './run-signalbox.ts';

it('adds, lists, changes and removes accounts, and shows what was done', async () => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir });
  onTestFinished(async () => {
    await box.end();
    place.remove();
  });
  const run = (...words: string[]) => runCommand([...words, '--data-dir', place.dataDir]);
  expect(await run('operators', 'add', 'Ada', '--role', 'operator', '--may-approve', '--no-json')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#\/join\/[\w-]{43}\n$/),
    stderr: expect.stringContaining('Ada sets a password there, once, before '),
  });
  expect((await run('operators', 'add', 'ada', '--role', 'viewer')).stderr).toContain('Choose another name');
  const [changed] = jsonLines((await run('operators', 'role', 'Ada', '--role', 'viewer')).stdout);
  expect(changed).toMatchObject({ name: 'Ada', role: 'viewer', mayApprove: false, state: 'invited' });
  expect((await run('operators', 'role', 'Ada')).code).toBe(2);
  await run('operators', 'disable', 'Ada');
  expect(jsonLines((await run('operators', 'list')).stdout)).toMatchObject([{ name: 'Ada', state: 'disabled' }]);
  expect((await run('operators', 'remove', 'Ada')).code).toBe(0);
  expect((await run('operators', 'reset', 'Ada')).code).toBe(5);
  const entries = jsonLines((await run('audit', 'list', '--call', 'operators.')).stdout);
  expect(entries).toMatchObject([
    { call: 'operators.reset', outcome: 'failed' },
    { call: 'operators.remove', target: 'Ada', before: { name: 'Ada' }, after: null },
    { call: 'operators.update', before: { state: 'invited' }, after: { state: 'disabled' } },
    { call: 'operators.update', before: { role: 'operator', mayApprove: true }, after: { role: 'viewer' } },
    { call: 'operators.add', outcome: 'failed' },
    { call: 'operators.add', via: 'command', outcome: 'done', after: { name: 'Ada' } },
  ]);
});
