import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { defaultSettings } from '../../electron/definitions/changes/default-settings.ts';
import type { DefinitionKind } from '../../electron/definitions/definition-types.ts';
import { createDefinitions, type DefinitionsDeps } from '../../electron/definitions/definitions.ts';
import { createJobCatalog } from '../../electron/jobs/attempt/job-catalog.ts';
import { createJobEnvironment } from '../../electron/jobs/programs/job-environment.ts';
import { createListenerIndex } from '../../electron/listeners/listener-index.ts';
import { sealWithKeyFile } from '../../electron/runtime/secrets/secret-sealer.ts';
import { createSecretStore } from '../../electron/runtime/secrets/secret-store.ts';
import { presets } from '../../electron/sources/presets.ts';
import { createSourceRegistry } from '../../electron/sources/source-registry.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { readSecretNames } from '../../electron/store/definitions/secrets.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import type { Json } from '../../shared/contract/common.ts';
import { throwingWriterDeps } from '../support/throwing-writer.ts';

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `signalbox-definitions-${randomBytes(4).toString('hex')}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Definitions as the app has them, on a database in a folder of the test's own. Opening it again is a restart. */
export async function openDefinitions(
  folder: string = newFolder(),
  change: Partial<Pick<DefinitionsDeps, 'jobDeleted'>> & { env?: NodeJS.ProcessEnv } = {},
) {
  const db = openWritable(join(folder, 'store.db'));
  onTestFinished(() => db.close());
  const writer = createWriter(db, throwingWriterDeps);
  let clockMs = Date.UTC(2026, 0, 1);
  const nowMs = (): number => {
    clockMs += 1000;
    return clockMs;
  };
  const keyFile = join(folder, 'secret.key');
  const sealer = sealWithKeyFile(keyFile, () => readSecretNames(db).length > 0);
  const env = change.env ?? {};
  const secretStore = createSecretStore({ db, writer, sealer, baseDir: folder, env, nowMs });
  const sourceRegistry = createSourceRegistry({ presets, readSecret: secretStore.read });
  const listenerIndex = createListenerIndex();
  const jobCatalog = createJobCatalog();
  const changes: DefinitionKind[] = [];
  const definitions = createDefinitions({
    db,
    writer,
    sourceRegistry,
    presets,
    listenerIndex,
    jobCatalog,
    jobEnvironment: createJobEnvironment({ inheritedNames: () => [], log: pino({ level: 'silent' }) }),
    secretStore,
    defaultSettings: defaultSettings(4),
    dataDir: folder,
    emitChanged: (kind) => changes.push(kind),
    jobDeleted: change.jobDeleted,
    nowMs,
  });
  await definitions.load();
  changes.length = 0;
  return { folder, db, writer, definitions, secretStore, sourceRegistry, listenerIndex, jobCatalog, changes, keyFile };
}

export type OpenDefinitions = Awaited<ReturnType<typeof openDefinitions>>;

export const eventOf = (type: string, payload: Json = {}, source = 'crm') => ({
  type,
  source,
  system: 'generic',
  context: {},
  payload,
  headers: {},
});

/** A job that can run anywhere, and a source without verification. */
export async function defineBasics({ definitions }: OpenDefinitions): Promise<void> {
  await definitions.jobs.create({ slug: 'hello', kind: 'command', command: [process.execPath, '--version'] });
  await definitions.sources.create({ slug: 'crm', preset: 'generic' });
}
