/**
 * Runs an example's script once in a process of its own, which kills itself at one of its steps: before each change
 * of a file and each request, and after the last. `crashing-run.ts <script> <step>`; a step of -1 is never reached. What the run says
 * of itself goes to stdout, its outcome last.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Run } from '../../resources/signalbox/index.d.ts';

type NeededRun = Pick<Run, 'id' | 'signal' | 'progress' | 'log' | 'notice'>;

const [script = '', crashAt = '-1'] = process.argv.slice(2);
let step = 0;

function mayCrash(): void {
  if (step === Number(crashAt)) process.kill(process.pid, 'SIGKILL');
  step += 1;
}

const afterMaybeCrashing =
  <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    mayCrash();
    return await work(...args);
  };

const { open, rename, rm } = fs;
Object.assign(fs, {
  async open(...args: Parameters<typeof open>) {
    mayCrash();
    const file = await open(...args);
    const writeFile = file.writeFile.bind(file);
    return Object.assign(file, { writeFile: afterMaybeCrashing(writeFile) });
  },
  rename: afterMaybeCrashing(rename),
  rm: afterMaybeCrashing(rm),
});
syncBuiltinESMExports();
globalThis.fetch = afterMaybeCrashing(globalThis.fetch);

const say = (...values: unknown[]): void => console.log(...values);
const run: NeededRun = { id: 'run_1', signal: new AbortController().signal, progress: say, log: say, notice: say };
const job: { default(event: unknown, run: NeededRun): Promise<unknown> } = await import(pathToFileURL(script).href);
const outcome = await job.default({}, run);
mayCrash();
say(JSON.stringify(outcome));
