import { appendFileSync } from 'node:fs';

/** Notes how long ago the event was sent. `hrtime` counts from the same moment in every process of a machine. */
export default async function noteStart(event) {
  const startedNs = process.hrtime.bigint();
  appendFileSync(event.payload.file, `${startedNs - BigInt(event.payload.sentNs)}\n`);
}
