import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Command, Option } from 'commander';
import { readColumns } from '../../../shared/columns/columns.ts';
import { type ExportFormat, exportFormats } from '../../../shared/contract/event-exports.ts';
import { errorText } from '../../../shared/error-text.ts';
import { collectExport } from '../../../shared/exports/collect-export.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import { addConnectionOptions, type CommonOptions, withServer } from '../server-command.ts';

interface ExportOptions extends CommonOptions {
  format: ExportFormat;
  columns?: string;
  output?: string;
}

export function addExport(events: Command, cli: CliContext): void {
  addConnectionOptions(
    events
      .command('export')
      .description('write matching events to a file, newest first')
      .argument('[query]', 'only events that match, such as "type:order.* after:2h"')
      .addOption(
        new Option('-f, --format <format>', 'jsonl, csv, or the requests as received: har, curl')
          .choices([...exportFormats])
          .default('jsonl'),
      )
      .option('--columns <list>', 'columns of csv, such as time,type,payload.amount')
      .option('-o, --output <file>', 'file to create (default: standard output)'),
  ).action((query: string | undefined, options: ExportOptions) => {
    const { format, output } = options;
    const columns = options.columns === undefined ? undefined : readColumns(options.columns);
    if (columns === null) {
      throw new CliError('usage', `--columns "${options.columns}" names no column. Example: time,type,payload.amount`);
    }
    return withServer(cli, { ...options, json: false }, async ({ client, out }) => {
      const file = output === undefined ? null : await openFile(output);
      const write = async (text: string): Promise<void> => {
        if (file === null) out.raw(text);
        else if (!file.write(text)) await once(file, 'drain');
      };
      const { events, skipped } = await collectExport(
        (cursor) => client.call('events.export', { format, query: query ?? '', columns, cursor }),
        write,
        { signal: cli.interrupted() },
      );
      if (file !== null) {
        file.end();
        await once(file, 'finish');
        out.note(`${events === 1 ? '1 event' : `${events} events`} written to ${output}.`);
      }
      if (skipped > 0) out.note(`Left out, because no request is stored: ${skipped}.`);
    });
  });
}

/** Never replaces a file. */
async function openFile(path: string) {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await once(file, 'open');
    return file;
  } catch (error) {
    throw new CliError('usage', `${path} could not be created: ${errorText(error)}. Give another file with --output.`);
  }
}
