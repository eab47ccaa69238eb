/**
 * A small process beside the app that keeps the promise "no descendant outlives its run or the app". It looks through
 * /proc (1 to 2 ms a time, too much for the app's own thread), and it outlives an app that was killed: when the pipe
 * from the app closes, it ends everything that carries the app's marker, and then itself.
 */
import { createInterface } from 'node:readline';
import { type FromGuardian, toGuardianSchema } from './guardian-protocol.ts';
import { instanceMarker, killMarked, runMarker, signalGroup } from './process-tree.ts';

/** Runs that end within this time are looked for together. */
const sweepDelayMs = 40;

const instance = process.argv[2] ?? '';
const groups = new Set<number>();
let ended: string[] = [];
let acks: number[] = [];
let isPlanned = false;

// The terminal's Ctrl+C goes to everybody; this process ends when the app has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The app may be gone while an answer is on its way; the end of stdin says so.
process.stdout.on('error', () => {});

function sweep(): void {
  isPlanned = false;
  const runs = ended;
  const answers = acks;
  ended = [];
  acks = [];
  const killed = killMarked(runMarker, runs);
  if (answers.length === 0 && killed === 0) return;
  const message: FromGuardian = { t: 'swept', acks: answers, killed };
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function plan(delayMs: number): void {
  if (isPlanned && delayMs > 0) return;
  isPlanned = true;
  setTimeout(sweep, delayMs);
}

const lines = createInterface({ input: process.stdin });

lines.on('line', (line) => {
  const message = toGuardianSchema.parse(JSON.parse(line));
  if (message.t === 'group') {
    if (message.alive) groups.add(message.pid);
    else groups.delete(message.pid);
    return;
  }
  ended.push(message.run);
  if (message.ack !== null) acks.push(message.ack);
  plan(message.ack === null ? sweepDelayMs : 0);
});

lines.on('close', () => {
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
  if (instance !== '') killMarked(instanceMarker, [instance]);
  process.exit(0);
});
