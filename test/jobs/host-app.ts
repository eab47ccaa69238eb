// A small app around the runner, for tests that kill it: runs a command and a script that would go on for minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost } from './host-runner.ts';

const [, , dir = ''] = process.argv;
mkdirSync(join(dir, 'jobs'), { recursive: true });
writeFileSync(
  join(dir, 'jobs/long.mjs'),
  `import { spawn } from 'node:child_process';
   export default () => { spawn('sleep', ['307'], { detached: true }); return new Promise(() => setInterval(() => {}, 1000)); };`,
);
const runner = await startHost(dir, [
  { slug: 'command', kind: 'command', command: ['sh', '-c', 'sleep 308 & setsid sleep 309 & wait'] },
  { slug: 'script', kind: 'script', file: 'long.mjs' },
]);
await runner.testRun({ slug: 'command' });
await runner.testRun({ slug: 'script' });
console.log('both asked for');
