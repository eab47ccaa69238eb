// A command job, `command: [node, import.mjs]`: reads the event from stdin, reports how far it is, and writes its outcome
// to a file. The rows come from the event's payload, e.g. {"file": "customers.csv", "rows": 120}.
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** @type {import('signalbox').Event<{ file?: string, rows?: number, rejected?: number }>} */
const event = JSON.parse(await text(process.stdin));
const { file = 'rows.csv', rows = 50, rejected = 0 } = event.payload;
const batch = Math.max(1, Math.ceil(rows / 20));

console.log(`Importing ${rows} rows of ${file} for event ${event.id}`);

for (let done = 0; done < rows; done += batch) {
  await wait(60);
  const upTo = Math.min(rows, done + batch);
  console.log(`::progress percent=${Math.round((100 * upTo) / rows)}::Row ${upTo} of ${rows}`);
  console.log(`\u001b[32m✓\u001b[0m rows ${done + 1} to ${upTo}`);
}

if (rejected > 0) console.log(`::warning::${rejected} rows of ${file} were not valid and were left out`);
const message = `${rows - rejected} of ${rows} rows of ${file} are imported`;
await writeFile(
  process.env.SIGNALBOX_OUTCOME_PATH ?? 'outcome.json',
  JSON.stringify({ message, file, imported: rows - rejected, rejected }),
);

if (rejected * 2 > rows) {
  console.error(`More than half of ${file} was not valid`);
  process.exitCode = 3;
}
