import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runChild } from './child.ts';

export interface Load {
  url: string;
  /** `@N@` stands for a number that no other request of this bench has; it has as many digits each time. */
  body: string;
  seconds: number;
}

export interface Measured {
  perSecond: number;
  /** Answers that were no 2xx, and requests without an answer. */
  failed: number;
  p50Ms: number;
  p99Ms: number;
}

export interface LoadTool {
  name: string;
  measure(load: Load): Promise<Measured>;
}

const connections = 64;

const reportSchema = z.object({
  requests: z.number(),
  seconds: z.number(),
  failed: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
});

const luaText = (text: string): string => JSON.stringify(text).replaceAll('\\/', '/');

/** wrk costs a third of a core where autocannon costs a whole one, which on two cores the measured process lacks. */
function createWrk(workDir: string): LoadTool {
  const script = join(workDir, 'load.lua');
  return {
    name: 'wrk',
    async measure({ url, body, seconds }) {
      const [before = '', after] = body.split('@N@');
      const request =
        after === undefined
          ? ''
          : `local n = ${Date.now() * 1000}
local path = ${luaText(new URL(url).pathname)}
request = function() n = n + 1; return wrk.format(nil, path, nil, ${luaText(before)} .. string.format("%.0f", n) .. ${luaText(after)}) end`;
      writeFileSync(
        script,
        `wrk.method = "POST"
wrk.body = ${luaText(body)}
wrk.headers["content-type"] = "application/json"
${request}
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\n@{"requests":%d,"seconds":%f,"failed":%d,"p50Ms":%f,"p99Ms":%f}\\n', summary.requests,
    summary.duration / 1e6, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`,
      );
      const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url];
      const report = /^@(\{.*\})$/m.exec(await runChild('wrk', args))?.[1] ?? '';
      const { requests, seconds: took, ...rest } = reportSchema.parse(JSON.parse(report));
      return { perSecond: requests / took, ...rest };
    },
  };
}

const cannonSchema = z.object({
  requests: z.object({ average: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  non2xx: z.number(),
  errors: z.number(),
});

function createAutocannon(): LoadTool {
  const program = fileURLToPath(import.meta.resolve('autocannon'));
  return {
    name: 'autocannon',
    async measure({ url, body, seconds }) {
      const unique = body.includes('@N@') ? ['--idReplacement'] : [];
      const text = body.replaceAll('@N@', '[<id>]');
      const args = ['-c', `${connections}`, '-d', `${seconds}`, '-m', 'POST', '-j', '-n', ...unique];
      const printed = await runChild(process.execPath, [
        program,
        ...args,
        '-H',
        'content-type=application/json',
        '-b',
        text,
        url,
      ]);
      const { requests, latency, non2xx, errors } = cannonSchema.parse(JSON.parse(printed));
      return { perSecond: requests.average, failed: non2xx + errors, p50Ms: latency.p50, p99Ms: latency.p99 };
    },
  };
}

/** The same tool for all that is compared. */
export function chooseLoadTool(workDir: string): LoadTool {
  const hasWrk = spawnSync('wrk', ['--version']).error === undefined;
  return hasWrk ? createWrk(workDir) : createAutocannon();
}
