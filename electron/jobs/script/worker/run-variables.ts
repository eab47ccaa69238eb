import { runMarker } from '../../process/process-tree.ts';
import type { WorkerRun } from '../channel/script-protocol.ts';

type Read = (run: WorkerRun) => string;

const reads: readonly (readonly [name: string, Read])[] = [
  ['SIGNALBOX_RUN_ID', ({ id }) => id],
  [runMarker, ({ mark }) => mark],
  ['SIGNALBOX_ATTEMPT', ({ attempt }) => `${attempt}`],
  ['SIGNALBOX_FILES_DIR', ({ filesDir }) => filesDir],
  ['SIGNALBOX_EVENT_ID', ({ event }) => event.id],
  ['SIGNALBOX_EVENT_TYPE', ({ event }) => event.type],
  ['SIGNALBOX_SOURCE', ({ event }) => event.source],
];

/** The variables that every run has of its own. */
export const runVariables: readonly string[] = reads.map(([name]) => name);

export function setRunVariables(run: WorkerRun): void {
  for (const [name, read] of reads) {
    const value = read(run);
    // To set one takes twice as long as to read it, and runs in a row mostly share their type and source.
    if (process.env[name] !== value) process.env[name] = value;
  }
}
