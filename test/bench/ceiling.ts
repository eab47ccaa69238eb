import { join } from 'node:path';
import type { BenchOptions } from './bench-types.ts';
import { startChild } from './child.ts';
import type { Contender } from './receiver.ts';
import { sampleBody } from './sample-body.ts';

export async function openCeiling({ workDir }: BenchOptions): Promise<Contender> {
  const program = join(import.meta.dirname, 'bare-express.ts');
  const child = await startChild(process.execPath, [program, join(workDir, 'ceiling.db')], { ready: /^port \d+$/m });
  const port = /^port (\d+)$/m.exec(child.printed())?.[1];
  return {
    part: 'a',
    what: 'bare Express 5, one insert, group commit, FULL',
    pid: child.pid,
    url: `http://127.0.0.1:${port}/in/bench`,
    body: sampleBody(),
    settled: () => Promise.resolve(),
    close: child.stop,
  };
}
