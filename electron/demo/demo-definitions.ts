import { demoSecrets } from './demo-secrets.ts';
import type { DemoDefinitions } from './demo-types.ts';
import { systemDefinitions } from './system-definitions.ts';

/** `jobsDir` is where the example jobs lie; `jwks` holds the public key that the demo's identity provider signs with. */
export function demoDefinitions(jobsDir: string, jwks: { keys: { [name: string]: string }[] }): DemoDefinitions {
  const own = ownDefinitions(jobsDir);
  const systems = systemDefinitions(jobsDir, jwks);
  return {
    sources: [...own.sources, ...systems.sources],
    jobs: [...own.jobs, ...systems.jobs],
    listeners: [...own.listeners, ...systems.listeners],
  };
}

const ownDefinitions = (jobsDir: string): DemoDefinitions => ({
  sources: [
    {
      slug: 'crm',
      name: 'Customer records',
      preset: 'generic',
      event: { type: '$.event', id: '$.id', occurredAt: '$.created_at', context: '$.ctx' },
      verify: {
        scheme: 'hmac',
        header: 'x-signature',
        algorithm: 'sha256',
        encoding: 'hex',
        prefix: 'sha256=',
        secret: { secret: demoSecrets.crm },
      },
    },
    { slug: 'shop', name: 'Web shop', preset: 'generic', event: { type: '$.type', id: '$.id', context: '$.shop' } },
  ],
  jobs: [
    {
      slug: 'import-file',
      name: 'Import a file',
      kind: 'command',
      command: ['node', 'import.mjs'],
      cwd: jobsDir,
      timeout: '2m',
      concurrency: 2,
      attempts: 2,
      backoff: '5s',
      acknowledge: 'required',
    },
    { slug: 'greet', name: 'Greet a customer', kind: 'script', file: `${jobsDir}/hello.ts`, acknowledge: 'none' },
    { slug: 'triage', name: 'Look at a failure', kind: 'script', file: `${jobsDir}/triage.ts`, acknowledge: 'none' },
  ],
  listeners: [
    {
      slug: 'big-files',
      name: 'Files worth importing',
      source: 'crm',
      type: ['file:*'],
      where: { all: [{ field: 'payload.rows', op: 'gt', value: 10 }] },
      job: 'import-file',
    },
    { slug: 'new-customers', name: 'New customers', source: 'crm', type: ['customer:created'], job: 'greet' },
    {
      slug: 'large-orders',
      name: 'Orders over 500 from abroad',
      source: 'shop',
      type: ['order.*'],
      where: {
        all: [
          { field: 'payload.amount', op: 'gte', value: 500 },
          { not: { field: 'context.country', op: 'in', value: ['DE', 'AT'] } },
        ],
      },
      job: 'greet',
    },
    { slug: 'failures', name: 'Failed runs', source: 'signalbox', type: ['job:failed'], job: 'triage' },
    {
      slug: 'left-carts',
      name: 'Carts that were left',
      source: 'shop',
      type: ['cart.abandoned'],
      where: { 'context.channel': ['web', 'app'] },
      job: 'greet',
      state: 'disabled',
    },
  ],
});
