import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../../electron/store/migrations/index.ts';
import { keepAll, startApp } from './app.ts';
import type { BenchOptions } from './bench-types.ts';
import { fillStore } from './fill-store.ts';

const files = ['signalbox.db', 'signalbox.db-wal', 'search.db', 'search.db-wal'];
export const storedTypes = 50;
/** Older ones are made anew: the events of a store that is measured are of the last days. */
const maxAgeMs = 5 * 86_400_000;

export const storedEvents = (isQuick: boolean): number => (isQuick ? 100_000 : 1_000_000);

export const bigStoreConfig = {
  version: 1,
  settings: keepAll,
  sources: [
    { slug: 'crm', preset: 'generic', rateLimit: 'off', event: { type: '$.event', context: '$.ctx' } },
    { slug: 'shop', preset: 'generic', rateLimit: 'off', event: { type: '$.event', context: '$.ctx' } },
  ],
};

/**
 * A data directory with so many events and their index, to be used up by the caller. The store is made once and kept in
 * the system's temporary directory under a name made from what it is made of.
 */
export async function copyFilledStore({ workDir, isQuick, say }: BenchOptions): Promise<string> {
  const events = storedEvents(isQuick);
  const madeOf = [
    String(events),
    ...migrations,
    ...[
      'fill-store.ts',
      'numbers.ts',
      '../../electron/store/search/search-db.ts',
      '../../shared/query/searchable-text.ts',
    ].map((path) => readFileSync(join(import.meta.dirname, path), 'utf8')),
  ];
  const name = createHash('sha256').update(madeOf.join('\0')).digest('hex').slice(0, 12);
  const kept = join(tmpdir(), 'signalbox-bench-stores', name);
  const isFresh = existsSync(kept) && Date.now() - statSync(kept).mtimeMs < maxAgeMs;
  if (!isFresh) {
    say(`making a store of ${events} events (kept in ${kept})`);
    rmSync(kept, { recursive: true, force: true });
    const making = join(tmpdir(), 'signalbox-bench-stores', `${name}-making`);
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    fillStore({ databaseFile: join(making, 'signalbox.db'), events, types: storedTypes, nowMs: Date.now() });
    say('building its search index');
    const app = await startApp({ dataDir: making, config: bigStoreConfig });
    await app.settled(events);
    await app.stop();
    renameSync(making, kept);
  }
  const dataDir = join(workDir, 'filled');
  if (existsSync(dataDir)) return dataDir;
  mkdirSync(dataDir);
  for (const file of files) {
    if (existsSync(join(kept, file))) copyFileSync(join(kept, file), join(dataDir, file), constants.COPYFILE_FICLONE);
  }
  return dataDir;
}
