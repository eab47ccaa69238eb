import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { startApp } from './app.ts';
import type { Part } from './bench-types.ts';
import { sampleBody } from './sample-body.ts';
import { sendOverSockets } from './steady-sockets.ts';
import { receiverConfig } from './whole-receiver.ts';

const perSecond = 5000;
const aimMs = 5;
const sampleSchema = z.object({ p50: z.number(), p99: z.number(), max: z.number() });

export const loopDelayPart: Part = {
  name: 'loop',
  letters: 'j',
  about: `how late the event loop of the app comes at ${perSecond} deliveries a second`,
  async run({ workDir, isQuick, say }) {
    const file = join(workDir, 'loop-delay.json');
    const app = await startApp({
      dataDir: join(workDir, 'loop'),
      config: receiverConfig(false),
      nodeFlags: ['--import', pathToFileURL(join(import.meta.dirname, 'sample-loop.ts')).href],
      env: { BENCH_LOOP_FILE: file },
    });
    const sample = async (): Promise<z.infer<typeof sampleSchema>> => {
      rmSync(file, { force: true });
      process.kill(app.pid, 'SIGUSR2');
      while (!existsSync(file) || readFileSync(file).length === 0) await wait(20);
      return sampleSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    };
    const sender = await sendOverSockets(`${app.receiverUrl}/in/bench`, perSecond, sampleBody());
    // What is compiled at first use is no part of a steady state.
    await wait(2000);
    await sample();
    const seconds = isQuick ? 5 : 20;
    const before = sender.answered();
    const startedMs = performance.now();
    await wait(seconds * 1000);
    const rate = ((sender.answered() - before) * 1000) / (performance.now() - startedMs);
    const { p50, p99, max } = await sample();
    await sender.stop();
    await app.stop();
    const failed = sender.failed() === 0 ? '' : `, ${sender.failed()} FAILED`;
    say(`${Math.round(rate)}/s`);
    const hasRate = rate > perSecond * 0.95;
    return [
      {
        part: 'j',
        what: `delay of the event loop at ${perSecond.toLocaleString('en-US')} deliveries/s`,
        value: p99,
        unit: 'ms p99',
        note: `p50 ${p50.toFixed(2)}, max ${max.toFixed(1)} ms, ${Math.round(rate).toLocaleString('en-US')}/s answered${failed}`,
        goals: [
          {
            what: `event loop delay p99 at ${perSecond.toLocaleString('en-US')} deliveries/s`,
            aim: `< ${aimMs} ms`,
            got: `${p99.toFixed(1)} ms${hasRate ? '' : ` at ${Math.round(rate)}/s, more was not answered`}`,
            met: p99 < aimMs && hasRate && sender.failed() === 0,
          },
        ],
      },
    ];
  },
};
