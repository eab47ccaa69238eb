import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchOptions } from './bench-types.ts';
import { startChild } from './child.ts';
import type { Contender } from './receiver.ts';
import { sampleBody } from './sample-body.ts';

/** adnanh/webhook with one hook whose rule reads the body and does not match. Null when it is not installed. */
export async function openWebhookPackage({ workDir }: BenchOptions): Promise<Contender | null> {
  if (spawnSync('webhook', ['-version']).error !== undefined) return null;
  const hooks = join(workDir, 'hooks.json');
  writeFileSync(
    hooks,
    JSON.stringify([
      {
        id: 'bench',
        'execute-command': '/bin/true',
        'trigger-rule': {
          match: { type: 'value', value: 'other', parameter: { source: 'payload', name: 'data.status' } },
        },
      },
    ]),
  );
  const port = await freePort();
  // Without -verbose it prints nothing, with it a line for each request.
  const child = await startChild('webhook', ['-hooks', hooks, '-ip', '127.0.0.1', '-port', String(port)], {});
  const url = `http://127.0.0.1:${port}/hooks/bench`;
  const body = sampleBody();
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await (
        await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      ).text();
      if (!answer.includes('not satisfied')) throw new Error(`the rule of webhook was to fail, but it said ${answer}`);
      break;
    } catch (error) {
      if (attempt === 50) throw error;
      await wait(50);
    }
  }
  return {
    part: 'c',
    what: 'webhook 2.8, rule does not match, stores nothing',
    pid: child.pid,
    url,
    body,
    settled: () => Promise.resolve(),
    close: child.stop,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
