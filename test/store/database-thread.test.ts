import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDatabaseThread, threadReady } from '../../electron/store/database/database-thread.ts';
import { tempDir } from '../support/temp-store.ts';

function startThread(text: (loaded: string) => string) {
  const dir = tempDir();
  const loaded = join(dir, 'loaded');
  const file = join(dir, 'thread.mjs');
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    ${text(JSON.stringify(loaded))}`,
  );
  const said: unknown[] = [];
  return { thread: startDatabaseThread(file, {}, (message) => said.push(message)), loaded, said };
}

it('is never cut short while it loads, however long that takes', async () => {
  const { thread, loaded } = startThread(
    (file) => `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
    writeFileSync(${file}, '');
    parentPort.postMessage('${threadReady}');
    for (;;);`,
  );
  await thread.stop(1);
  expect(existsSync(loaded)).toBe(true);
});

it('is cut short when what it is at takes too long', async () => {
  const { thread, said } = startThread(
    () => `parentPort.postMessage('${threadReady}');
    parentPort.postMessage('busy');
    for (;;);`,
  );
  await expect.poll(() => said).toEqual(['busy']);
  await thread.stop(20);
});

it('ends by itself when it has been asked to', async () => {
  const { thread, said } = startThread(
    () => `parentPort.on('message', (message) => { parentPort.postMessage({ told: message }); parentPort.close(); });`,
  );
  await thread.stop(60_000);
  expect(said).toEqual([{ told: 'stop' }]);
});
