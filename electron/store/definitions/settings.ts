import { z } from 'zod';
import { type Settings, settingsSchema } from '../../../shared/contract/settings.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import type { BrokenRow } from './definition-rows.ts';

const rowSchema = z.object({ key: z.string(), value: z.string() });

/**
 * The settings that were ever changed, over `defaults`. A value that cannot be read any more is reported and its default
 * counts.
 */
export function readSettings(db: ReadableDb, defaults: Settings): { settings: Settings; broken: BrokenRow[] } {
  const broken: BrokenRow[] = [];
  let settings = defaults;
  for (const raw of statement(db, 'SELECT key, value FROM settings ORDER BY key').all()) {
    const { key, value } = rowSchema.parse(raw);
    if (!Object.hasOwn(settingsSchema.shape, key)) continue;
    const tried = settingsSchema.safeParse({ ...settings, [key]: parseOrNull(value) });
    if (tried.success) settings = tried.data;
    else broken.push({ kind: 'setting', slug: key, message: tried.error.issues[0]?.message ?? 'cannot be read' });
  }
  return { settings, broken };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No setting may be null, so the schema reports it.
    return null;
  }
}

export function putSetting<K extends keyof Settings>(db: WritableDb, key: K, value: Settings[K]): void {
  statement(
    db,
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, JSON.stringify(value));
}
