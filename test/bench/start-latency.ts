import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { keepAll, startApp } from './app.ts';
import type { Part } from './bench-types.ts';
import { percentile } from './numbers.ts';
import { sampleBody } from './sample-body.ts';
import { sendSteadily } from './steady-sender.ts';

const perSecond = 200;
const aimMs = 25;

export const latencyPart: Part = {
  name: 'latency',
  letters: 'e',
  about: `from request to job start at ${perSecond} events a second`,
  async run({ workDir, isQuick, say }) {
    const file = join(workDir, 'latencies');
    const app = await startApp({
      dataDir: join(workDir, 'latency'),
      config: {
        version: 1,
        settings: { ...keepAll, concurrency: 16 },
        sources: [{ slug: 'bench', preset: 'generic', rateLimit: 'off', event: { type: '$.event', context: '$.ctx' } }],
        jobs: [
          {
            slug: 'note-start',
            kind: 'script',
            file: join(import.meta.dirname, 'jobs/note-start.mjs'),
            concurrency: 16,
          },
        ],
        listeners: [{ slug: 'all', source: 'bench', job: 'note-start' }],
      },
    });
    const padding = sampleBody();
    // A process of the job waits for runs soon after the start; what comes before that is no part of this.
    await wait(2000);
    const sender = sendSteadily(`${app.receiverUrl}/in/bench`, perSecond, () =>
      JSON.stringify({ event: 'bench', ctx: {}, sentNs: String(process.hrtime.bigint()), file, padding }),
    );
    await wait((isQuick ? 5 : 30) * 1000);
    await sender.stop();
    const started = (): number[] =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line) / 1e6);
    while (started().length < sender.sent()) await wait(50);
    await app.stop();
    // The first seconds start more workers; what they cost is shown apart too.
    const warmUp = 2 * perSecond;
    const all = started();
    const measured = all.slice(warmUp);
    const answers = sender.answerMs().slice(warmUp);
    say(`${measured.length} runs`);
    const p99 = percentile(all, 0.99);
    const from = (what: string, values: readonly number[]) => ({
      part: 'e',
      what,
      value: percentile(values, 0.99),
      unit: 'ms p99',
      note: `p50 ${percentile(values, 0.5).toFixed(2)}, max ${Math.max(...values).toFixed(1)} ms, ${values.length} events`,
    });
    return [
      {
        ...from(`request to start of a script job, ${perSecond} events/s, the first 2 s included`, all),
        goals: [
          {
            what: `request to job start, ${perSecond}/s, p99, the first 2 s included`,
            aim: `< ${aimMs} ms`,
            got: `${p99.toFixed(1)} ms`,
            met: p99 < aimMs,
          },
        ],
      },
      from('the same in the first 2 s, while script workers start', all.slice(0, warmUp)),
      from('the same after that', measured),
      {
        ...from('request to its 202, the same events', answers),
        ...(sender.failed() > 0 ? { note: `${sender.failed()} FAILED` } : {}),
      },
    ];
  },
};
