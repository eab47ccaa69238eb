import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReader } from '../../electron/store/read/reader.ts';
import { type TempStore, tempStore } from '../support/temp-store.ts';

const readWorker = new URL('../../electron/store/read/read-worker.ts', import.meta.url);

/** The read worker, from a file that cannot be loaded the first `times` it is started. */
function openReader(store: TempStore, times: number) {
  const workerFile = join(store.dir, 'worker.mjs');
  writeFileSync(
    workerFile,
    `import { existsSync, writeFileSync } from 'node:fs';
    const started = Array.from({ length: 9 }, (_, n) => ${JSON.stringify(join(store.dir, 'started-'))} + n);
    const n = started.findIndex((file) => !existsSync(file));
    writeFileSync(started[n], '');
    if (n < ${times}) throw new Error('half written');
    await import(${JSON.stringify(readWorker.href)});`,
  );
  const crashes: string[] = [];
  const { databaseFile, searchFile } = store;
  const reader = createReader({
    workerFile,
    databaseFile,
    searchFile,
    onCrash: (error) => crashes.push(error.message),
  });
  onTestFinished(() => reader.close());
  return { reader, crashes };
}

const request = { limit: 10, nowMs: Date.now() };

describe('when the read worker ends', () => {
  it('what it had not answered is asked of another one', async () => {
    const { reader, crashes } = openReader(tempStore(), 1);
    const pages = await Promise.all([reader.read('listRuns', request), reader.read('listEvents', request)]);
    expect(pages.map(({ items }) => items)).toEqual([[], []]);
    expect(crashes).toEqual(['half written']);
  });

  it('twice over the same read, that read is refused for now, and a later one is tried', async () => {
    const { reader, crashes } = openReader(tempStore(), 2);
    await expect(reader.read('listRuns', request)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('half written'),
    });
    expect(crashes).toHaveLength(2);
    expect((await reader.read('listRuns', request)).items).toEqual([]);
  });

  it('with the app, whoever waits is told so', async () => {
    const { reader, crashes } = openReader(tempStore(), 0);
    const reading = reader.read('listRuns', request);
    const refused = expect(reading).rejects.toMatchObject({ code: 'unavailable', message: 'The store is closing.' });
    await reader.close();
    await refused;
    expect(crashes).toEqual([]);
  });
});
