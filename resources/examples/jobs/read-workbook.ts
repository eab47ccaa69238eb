// A script job for a workbook of Flatfile: works through three parts, which the run shows as steps, and leaves a report to
// download and a link to the workbook.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defineJob } from 'signalbox';

interface Context {
  spaceId?: string;
  workbookId?: string;
  sheetSlug?: string;
}

const rowsPerPart = 40;

export default defineJob<object, Context>(async (event, run) => {
  const { spaceId = 'no space', workbookId = 'a workbook' } = event.context;
  const parts = ['Read', 'Check', 'Write'];
  run.plan(parts);
  for (const name of parts) {
    await run.part(name, async (part) => {
      for (let row = 0; row < rowsPerPart; row += 10) {
        await wait(80, null, { signal: run.signal });
        part.progress(((row + 10) / rowsPerPart) * 100);
      }
      run.log(`${name}: ${rowsPerPart} rows of ${workbookId}`);
    });
  }
  const report = `${workbookId}.txt`;
  await writeFile(join(run.filesDir, report), `${event.type} in ${spaceId}: ${rowsPerPart} rows, none refused\n`);
  return {
    heading: `${workbookId} is read`,
    message: `${rowsPerPart} rows, none refused.`,
    buttonText: 'Get the report',
    next: { type: 'download', fileName: report },
  };
});
