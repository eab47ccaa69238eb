/** The child process that runs script jobs, one run at a time: `node script-worker <script> <job API folder> <covered descriptors>`. */

import { existsSync } from 'node:fs';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { closeCovered } from './process/inherited-descriptors.ts';
import { channelDescriptor, type Hello, openChannel } from './script/channel/script-channel.ts';
import { createMessages } from './script/channel/script-messages.ts';
import { printBigInts, scriptValue } from './script/channel/script-numbers.ts';
import { toWorkerSchema, type WorkerRun } from './script/channel/script-protocol.ts';
import { loadBuiltins } from './script/residue/realm-watch.ts';
import { watchResidue } from './script/residue/run-residue.ts';
import { type ApprovedFilesGuard, guardApprovedFiles } from './script/worker/approved-loader.ts';
import { runVariables, setRunVariables } from './script/worker/run-variables.ts';
import { catchOutput } from './script/worker/script-console.ts';
import { loadScript, provideJobApi, type Script } from './script/worker/script-loader.ts';
import { type Ended, printOutcome, printThrown } from './script/worker/script-outcome.ts';
import { createRequests } from './script/worker/script-requests.ts';
import { beginRun, type CurrentRun } from './script/worker/script-run-api.ts';
import { watchSpawns } from './script/worker/script-spawns.ts';

const rssInterval = 32;

const [, , scriptFile = '', apiDir = '', coveredTo = '0'] = process.argv;
closeCovered(channelDescriptor + 1, Number(coveredTo));
// Only this process is Node by that switch; what a script starts should be what it is.
delete process.env.ELECTRON_RUN_AS_NODE;

let current: CurrentRun | null = null;
let script: Script | null = null;
let isSingleUse = false;
let guard: ApprovedFilesGuard | null = null;

const channel = openChannel(takeHello, takeMessage);
const messages = createMessages(channel);
const output = catchOutput((stream, text) => messages.send({ t: 'output', stream, text }));
const requests = createRequests(messages);
const spawns = watchSpawns();
const residue = watchResidue(runVariables);
printBigInts();
provideJobApi(apiDir);
// A script that ends the process itself still gets its last lines through.
process.on('exit', () => output.end());

function takeHello(hello: Hello): void {
  isSingleUse = hello.isSingleUse;
  loadBuiltins(hello.preload);
  if (hello.approved !== null) guard = guardApprovedFiles(hello.approved);
  if (hello.isSpare) residue.prepare();
  messages.send({ t: 'ready' });
}

function takeMessage(text: string): void {
  const message = toWorkerSchema.parse(scriptValue(parseExact(text)));
  if (message.t === 'abort') current?.abort.abort(new Error(message.reason));
  else if (message.t === 'reply') requests.take(message);
  else if (current === null) void run(message);
}

let runCount = 0;
let rssBytes = 0;

/** Reading it takes 20 µs, a tenth of a short run: every 32nd run is often enough to notice a leak. */
function measureRss(): number {
  if (runCount++ % rssInterval === 0) rssBytes = process.memoryUsage.rss();
  return rssBytes;
}

async function run(request: WorkerRun): Promise<void> {
  const mine = beginRun(request, { messages, requests, output });
  current = mine;
  setRunVariables(request);
  spawns.reset();
  let ended: Ended;
  try {
    script ??= await load();
    // The script could not listen yet for an abort that came while it was being loaded.
    mine.abort.signal.throwIfAborted();
    ended = printOutcome(await script(request.event, mine.api));
  } catch (error) {
    ended = printThrown(error, (text) => output.write('stderr', text));
  }
  mine.end();
  current = null;
  const files = existsSync(request.filesDir);
  const settled = isSingleUse ? null : residue.settleNow();
  messages.send({ t: 'done', ...ended, rssBytes: measureRss(), spawned: spawns.seen(), files, settled });
  if (isSingleUse || settled !== null) return;
  // The app does not wait for this: the run has ended, the process is used again once it is known to be as before.
  messages.send({ t: 'settled', ...(await residue.settle()) });
}

async function load(): Promise<Script> {
  const loaded = await loadScript(scriptFile, apiDir, guard);
  if (!isSingleUse) residue.begin();
  return loaded;
}
