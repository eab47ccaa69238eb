/** Starts `true` again and again: `node spawn-loop.ts <at the same time> <seconds>`; prints starts per second. */
import { spawn } from 'node:child_process';

const atOnce = Number(process.argv[2]);
const seconds = Number(process.argv[3]);
const startedMs = performance.now();
const endMs = startedMs + seconds * 1000;
let started = 0;

async function loop(): Promise<void> {
  while (performance.now() < endMs) {
    started++;
    const child = spawn('true', { stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

await Promise.all(Array.from({ length: atOnce }, loop));
process.stdout.write(`${started / ((performance.now() - startedMs) / 1000)}\n`);
