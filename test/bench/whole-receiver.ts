import { join } from 'node:path';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { ListenerSpec } from '../../shared/contract/listeners.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { keepAll, startApp } from './app.ts';
import type { BenchOptions } from './bench-types.ts';
import type { Contender } from './receiver.ts';
import { benchType, sampleBody } from './sample-body.ts';

const types = 100;
const listenersOfType = 10;

const source = (slug: string, event: SourceSpec['event']): SourceSpec => ({
  slug,
  preset: 'generic',
  rateLimit: 'off',
  event: { type: '$.event', context: '$.ctx', ...event },
});

/** The first two clauses hold for the posted body, the last decides. */
const listener = (slug: string, type: string, total: number): Omit<ListenerSpec, 'type'> & { type: string } => ({
  slug,
  type,
  where: {
    all: [
      { field: 'context.spaceId', op: 'startsWith', value: 'us_' },
      { field: 'payload.data.status', op: 'in', value: ['open', 'paid', 'shipped', 'returned'] },
      { field: 'payload.data.amount', op: 'gt', value: total },
    ],
  },
  job: 'wait',
});

function* manyListeners(matching: boolean): Generator<object> {
  for (let type = 0; type < types; type++) {
    for (let n = 0; n < listenersOfType; n++) {
      const passes = matching && n === 0;
      yield listener(`type-${type}-${n}`, `crm.entity${type}.changed`, passes ? -1 : 1_000_000 + n);
    }
  }
}

/** Keeps its one place, so that planned runs wait and cost no more than their planning. */
const slowJob: JobSpec = {
  slug: 'wait',
  kind: 'command',
  command: ['sleep', '3600'],
  timeout: '1h',
  concurrency: 1,
  queue: 1_000_000,
};

export const receiverConfig = (isMatching: boolean): object => ({
  version: 1,
  settings: keepAll,
  sources: [source('bench', {}), source('bench-id', { id: '$.id' })],
  jobs: [slowJob],
  listeners: [...manyListeners(isMatching)],
});

async function open(
  { workDir }: BenchOptions,
  about: { part: string; what: string; path: string; body: string; isMatching: boolean },
): Promise<Contender> {
  const app = await startApp({
    dataDir: join(workDir, about.part),
    config: receiverConfig(about.isMatching),
  });
  return {
    part: about.part,
    what: about.what,
    pid: app.pid,
    url: `${app.receiverUrl}/in/${about.path}`,
    body: about.body,
    settled: app.settled,
    close: app.stop,
  };
}

/** The built app under three loads: nothing matches; with ids to compare; and one listener takes each event. */
export async function openWholeReceiver(options: BenchOptions): Promise<Contender[]> {
  if (!benchType.startsWith('crm.entity')) throw new Error('the posted type must be one of the listeners');
  const of = `${types * listenersOfType} listeners, ${listenersOfType} of the type`;
  return [
    await open(options, {
      part: 'b',
      what: `whole receiver, ${of}, none passes`,
      path: 'bench',
      body: sampleBody(),
      isMatching: false,
    }),
    await open(options, {
      part: 'b-id',
      what: "the same, with the sender's ids for duplicates",
      path: 'bench-id',
      body: sampleBody('@N@'),
      isMatching: false,
    }),
    await open(options, {
      part: 'b-run',
      what: 'the same as b, one passes and plans a run each',
      path: 'bench',
      body: sampleBody(),
      isMatching: true,
    }),
  ];
}
