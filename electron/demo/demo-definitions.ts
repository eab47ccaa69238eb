import type { CallInput } from '../../shared/contract/index.ts';

export const demoSecret = 'demo-crm-secret';

/** What the demo starts with: sources of three kinds, jobs of both kinds, listeners of every shape. */
export interface DemoDefinitions {
  sources: CallInput<'sources.create'>[];
  jobs: CallInput<'jobs.create'>[];
  listeners: CallInput<'listeners.create'>[];
}

/** `jobsDir` is where the example jobs lie. */
export function demoDefinitions(jobsDir: string): DemoDefinitions {
  return {
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
          secret: { secret: demoSecret },
        },
      },
      { slug: 'shop', name: 'Web shop', preset: 'generic', event: { type: '$.type', id: '$.id', context: '$.shop' } },
      { slug: 'buildings', name: 'Building sensors', preset: 'generic', event: { type: '$.kind' } },
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
      {
        slug: 'failures',
        name: 'Failed runs',
        source: 'signalbox',
        type: ['job:failed'],
        job: 'triage',
      },
      {
        slug: 'hot-rooms',
        name: 'Rooms that are too hot',
        source: 'buildings',
        type: ['reading'],
        where: { 'payload.room': ['server', 'battery'] },
        job: 'greet',
        state: 'disabled',
      },
    ],
  };
}
