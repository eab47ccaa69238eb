import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { createConfigFile } from '../../electron/runtime/config/config-file.ts';
import { presets } from '../../electron/sources/presets.ts';
import { newFolder, openDefinitions } from '../definitions/open-definitions.ts';

export const exampleConfig = `version: 1
sources:
  - slug: crm
    preset: generic
    event: { type: $.event, id: $.id, occurredAt: $.created_at, context: $.ctx }
    verify: { scheme: hmac, header: x-signature, algorithm: sha256, encoding: hex, prefix: "sha256=", secret: { env: CRM_SECRET } }
    rateLimit: { perSecond: 50, burst: 200 }   # or off
jobs:
  - { slug: import, kind: command, command: [node, jobs/import.mjs], timeout: 5m, concurrency: 2, attempts: 3, backoff: 10s, onInterrupted: retry, acknowledge: required }
  - { slug: hello, kind: script, file: jobs/hello.ts, acknowledge: none }
listeners:
  - { slug: big-files, source: crm, type: "file:*", where: { all: [ { field: payload.size, op: gt, value: 10 } ] }, job: import }
  - { slug: greet, type: ["user.created", "user:created"], job: hello }
`;

const configWorker = new URL('../../electron/runtime/config/config-worker.ts', import.meta.url);

/** A config file over real definitions. */
export async function openConfig(text: string) {
  const folder = newFolder();
  const parts = await openDefinitions(folder, { env: { CRM_SECRET: 'secret-of-the-crm' } });
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, text);
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const config = createConfigFile({ file, definitions: parts.definitions, presets, log, workerFile: configWorker });
  onTestFinished(() => config.close());
  const rewrite = async (changed: string): Promise<void> => {
    writeFileSync(file, changed);
    await config.applyAtStart();
  };
  return { ...parts, file, config, rewrite, logged };
}
