// A command job that an operator has to approve: `command: [node, print-note.mjs, --copies, "2"]`. Prints the despatch note
// that an event of CETA iCFM names into a file of the run; give it the way to your printer instead.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { copies: { type: 'string', default: '1' } } });
/** @type {import('signalbox').Event<{ despatch_id?: string | number, project_name?: string }>} */
const event = JSON.parse(await text(process.stdin));
const { despatch_id: note = 'unknown', project_name: project = 'unknown' } = event.payload;
// The sender chooses it, and it becomes the name of a file.
if (!/^[\w-]{1,64}$/.test(String(note))) throw new Error(`"${note}" is no number of a despatch note`);

const page = `Despatch note ${note}\nProject: ${project}\nSent: ${event.occurredAt ?? event.receivedAt}\n`;
const { SIGNALBOX_FILES_DIR: folder = '.', SIGNALBOX_OUTCOME_PATH: outcome = 'outcome.json' } = process.env;
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `despatch-note-${note}.txt`), page.repeat(Number(values.copies)));
console.log(`${values.copies} copies of despatch note ${note}`);
await writeFile(outcome, JSON.stringify({ message: `${values.copies} copies of despatch note ${note}`, note }));
