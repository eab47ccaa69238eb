import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '../../electron/definitions/changes/default-settings.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { putJob, readJob, readJobs } from '../../electron/store/definitions/jobs.ts';
import {
  listenersNaming,
  putListener,
  readListeners,
  readListenerVersions,
} from '../../electron/store/definitions/listeners.ts';
import { putSetting, readSettings } from '../../electron/store/definitions/settings.ts';
import { deleteSource, putSource, readSources } from '../../electron/store/definitions/sources.ts';
import { listenerDefaults } from '../../shared/contract/listeners.ts';
import { newFolder } from '../definitions/open-definitions.ts';

const meta = { owner: 'user', version: 1, createdAtMs: 1000, updatedAtMs: 2000 } as const;

function openStore() {
  const db = openWritable(join(newFolder(), 'store.db'));
  onTestFinished(() => db.close());
  return db;
}

describe('rows of definitions', () => {
  it('come back as they were written, in order of slug', () => {
    const db = openStore();
    const source = { spec: { slug: 'b', preset: 'generic', rateLimit: 'off' as const }, ...meta };
    putSource(db, source);
    putSource(db, { ...source, spec: { slug: 'a', preset: 'generic' } });
    expect(readSources(db)).toEqual({
      rows: [{ ...source, spec: { slug: 'a', preset: 'generic' } }, source],
      broken: [],
    });
    const job = { spec: { slug: 'j', kind: 'script' as const, file: 'j.ts', timeout: '5m' }, baseDir: '/x', ...meta };
    putJob(db, { ...job, version: 0, baseDir: null });
    putJob(db, job);
    expect(readJob(db, 'j')).toEqual(job);
    expect(deleteSource(db, 'a')).toBe(true);
    expect(deleteSource(db, 'a')).toBe(false);
  });

  it('are set aside with slug and reason when they cannot be read', () => {
    const db = openStore();
    putSource(db, { spec: { slug: 'good', preset: 'generic' }, ...meta });
    putSource(db, { spec: { slug: 'bad', preset: 'generic' }, ...meta });
    putJob(db, { spec: { slug: 'bad', kind: 'script', file: 'x' }, baseDir: null, ...meta });
    db.exec(`UPDATE sources SET spec = '{"slug":"bad","preset":5}' WHERE slug = 'bad'`);
    db.exec(`UPDATE jobs SET spec = '{not json' WHERE slug = 'bad'`);
    const sources = readSources(db);
    expect(sources.rows.map(({ spec }) => spec.slug)).toEqual(['good']);
    expect(sources.broken).toEqual([{ kind: 'source', slug: 'bad', message: expect.stringContaining('preset') }]);
    expect(readJobs(db).broken).toEqual([{ kind: 'job', slug: 'bad', message: expect.stringContaining('JSON') }]);
  });

  it('of listeners keep every version and are found by what they name', () => {
    const db = openStore();
    const where = { all: [{ field: 'payload.a', op: 'eq' as const, value: 1 }] };
    const listener = {
      slug: 'l',
      name: 'L',
      source: 'crm',
      type: ['a'],
      where,
      job: 'j',
      ...listenerDefaults,
      state: 'active' as const,
      ...meta,
    };
    putListener(db, listener);
    putListener(db, { ...listener, version: 2, job: 'k', updatedAtMs: 3000 });
    expect(() => putListener(db, { ...listener, version: 2 })).toThrow('UNIQUE');
    expect(listenersNaming(db, 'job', 'k')).toEqual(['l']);
    expect(listenersNaming(db, 'job', 'j')).toEqual([]);
    expect(listenersNaming(db, 'source', 'crm')).toEqual(['l']);
    putListener(db, { ...listener, version: 3, state: 'deleted' });
    expect(listenersNaming(db, 'source', 'crm')).toEqual([]);
    expect(readListenerVersions(db, 'l').rows.map(({ version, job, state }) => [version, job, state])).toEqual([
      [3, 'j', 'deleted'],
      [2, 'k', 'active'],
      [1, 'j', 'active'],
    ]);
    const known = new Map(readListeners(db).rows.map((row) => [row.slug, row]));
    expect(readListeners(db, known).rows[0]).toBe(known.get('l'));
  });

  it('of settings fall back to the default where a value cannot be read', () => {
    const db = openStore();
    const defaults = defaultSettings(4);
    putSetting(db, 'concurrency', 7);
    putSetting(db, 'operatorName', 'Ada');
    db.exec(`UPDATE settings SET value = '"many"' WHERE key = 'concurrency'`);
    db.exec(`INSERT INTO settings (key, value) VALUES ('from-a-later-version', '1')`);
    const { settings, broken } = readSettings(db, defaults);
    expect(settings).toEqual({ ...defaults, operatorName: 'Ada' });
    expect(broken).toEqual([{ kind: 'setting', slug: 'concurrency', message: expect.any(String) }]);
  });
});
