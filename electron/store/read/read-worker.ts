import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { threadReady, threadStop } from '../database/database-thread.ts';
import { openReadable } from '../database/open.ts';
import { sqliteCode } from '../database/storage-errors.ts';
import { onSearchFailure, tryIndex } from '../search/full-text.ts';
import { attachSearch } from '../search/search-db.ts';
import { readCalls } from './read-calls.ts';

const { databaseFile, searchFile } = z.object({ databaseFile: z.string(), searchFile: z.string() }).parse(workerData);

const db = openReadable(databaseFile);
onSearchFailure((error) => {
  const message = messageOf(error);
  parentPort?.postMessage({ searchFailure: { code: sqliteCode(error) ?? 'unknown', message } });
});
tryIndex(() => attachSearch(db, searchFile));

const requestSchema = z.object({ id: z.number(), name: z.string(), request: z.unknown() });

parentPort?.on('message', (message: unknown) => {
  if (message === threadStop) {
    db.close();
    parentPort?.close();
    return;
  }
  const { id, name, request } = requestSchema.parse(message);
  try {
    parentPort?.postMessage({ id, ok: true, value: run(name, request) });
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    const stack = error instanceof Error ? error.stack : undefined;
    parentPort?.postMessage({ id, ok: false, code, message: messageOf(error), stack, sqlite: sqliteCode(error) });
  }
});

parentPort?.postMessage(threadReady);

function run(name: string, request: unknown): unknown {
  const calls: Record<string, (database: typeof db, request: never) => unknown> = readCalls;
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (call === undefined) throw new Error(`the read worker knows no ${name}`);
  // Both ends are this program: reader.ts types the request by the call's own parameter.
  return call(db, request as never);
}

function messageOf(error: unknown): string {
  return errorText(error);
}
