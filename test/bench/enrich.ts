import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { ListenerSpec } from '../../shared/contract/listeners.ts';
import { keepAll, startApp } from './app.ts';
import type { Part, Row } from './bench-types.ts';
import { percentile } from './numbers.ts';

/** The job's own time is the call of an empty function, so that all of the answer's time is ours. */
const job = {
  slug: 'decide',
  kind: 'script',
  file: join(import.meta.dirname, 'jobs/decide.mjs'),
  concurrency: 4,
  acknowledge: 'none',
} as const;

const listener = (slug: string): ListenerSpec => ({ slug, source: slug, job: 'decide', mode: 'enrich' });
const warmUp = 100;

export const enrichPart: Part = {
  name: 'enrich',
  letters: 'h',
  about: 'from request to the answer that a warm job decides, stored before it leaves',
  async run({ workDir, isQuick, say }) {
    const app = await startApp({
      dataDir: join(workDir, 'enrich'),
      config: {
        version: 1,
        settings: { ...keepAll, concurrency: 4 },
        sources: [
          { slug: 'plain', preset: 'generic', rateLimit: 'off', event: { type: '$.event', id: '$.id' } },
          { slug: 'signed', preset: 'next-identity', rateLimit: 'off', verify: { scheme: 'none' } },
        ],
        jobs: [job],
        listeners: [listener('plain'), listener('signed')],
      },
    });
    const count = isQuick ? 500 : 2000;
    const plain = await askOneByOne(`${app.receiverUrl}/in/plain`, count, () =>
      JSON.stringify({ event: 'login', id: randomUUID(), amount: 12 }),
    );
    say(`plain: ${plain.length} answers`);
    const signed = await askOneByOne(`${app.receiverUrl}/in/signed`, count, () =>
      JSON.stringify({ jti: randomUUID(), events: { 'account/v1/login': { sub: 'u1', clientId: 'c1' } } }),
    );
    say(`signed: ${signed.length} answers`);
    await app.stop();
    return [toRow('request to its decision as JSON', plain), toRow('request to its decision, signed RS256', signed)];
  },
};

function toRow(what: string, values: readonly number[]): Row {
  const p99 = percentile(values, 0.99);
  return {
    part: 'h',
    what,
    value: p99,
    unit: 'ms p99',
    aim: '< 15 ms',
    met: p99 < 15,
    note: `p50 ${percentile(values, 0.5).toFixed(2)}, max ${Math.max(...values).toFixed(1)} ms, ${values.length} answers`,
  };
}

/** Times to each whole answer, in milliseconds, warm-up left out. */
async function askOneByOne(url: string, count: number, body: () => string): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let i = 0; i < warmUp + count; i++) {
    const text = body();
    const startedMs = performance.now();
    await ask(url, agent, text);
    if (i >= warmUp) times.push(performance.now() - startedMs);
  }
  agent.destroy();
  return times;
}

function ask(url: string, agent: Agent, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const req = request(url, { method: 'POST', agent, headers }, (res) => {
      let answer = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        answer += chunk;
      });
      res.on('end', () => {
        if (res.statusCode === 200) resolve();
        else reject(new Error(`answered ${res.statusCode}: ${answer}`));
      });
    });
    req.on('error', reject);
    req.end(text);
  });
}
