// A small app around the runner whose jobs list their descriptors; it ends when they have.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listsDescriptors } from './descriptors.ts';
import { startHost } from './host-runner.ts';

const [, , dir = ''] = process.argv;
const { specs, script } = listsDescriptors(dir);
mkdirSync(join(dir, 'jobs'), { recursive: true });
writeFileSync(join(dir, 'jobs/descriptors.mjs'), script);
let ended = 0;
const runner = await startHost(dir, specs, () => {
  ended += 1;
  if (ended === specs.length) void runner.stop(1000).then(() => process.exit(0));
});
for (const { slug } of specs) await runner.testRun({ slug });
