import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlace } from '../process/signalbox.ts';

/** A job that shows how far it is, and waits at 40 % until it is let go on. */
const importJob = `import { existsSync, writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
const event = await json(process.stdin);
console.log('\\u001b[32mstarted\\u001b[0m with ' + event.payload.amount);
console.log('::progress percent=40::Loading rows');
while (!existsSync('release')) await wait(20);
console.log('all rows loaded');
writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify({ summary: 'Loaded ' + event.payload.amount }));
`;

const config = `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type, id: $.id, context: $.ctx }, rateLimit: off }
jobs:
  - { slug: import, kind: command, command: [node, import.mjs], concurrency: 4, acknowledge: required }
  - { slug: broken, kind: command, command: [node, -e, "console.error('no such table'); process.exit(3)"] }
listeners:
  - { slug: paid, source: shop, type: "order.*", where: { all: [ { field: payload.amount, op: gt, value: 10 } ] }, job: import }
  - { slug: breaks, source: shop, type: order.broken, job: broken }
`;

/** A place with a config and its jobs, and the way to let the import job end. */
export function openWorkshop() {
  const place = makePlace();
  writeFileSync(join(place.dir, 'import.mjs'), importJob);
  return { ...place, config, release: () => writeFileSync(join(place.dir, 'release'), '') };
}
