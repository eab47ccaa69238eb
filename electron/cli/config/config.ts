import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import { createOutput } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { readTextInput } from '../read-input.ts';
import {
  addConnectionOptions,
  addOutputOptions,
  addServerOptions,
  type CommonOptions,
  type OutputOptions,
  type Session,
  withServer,
} from '../server-command.ts';
import { changeLines } from './change-lines.ts';
import { addConfigImport } from './config-import.ts';

interface FileOptions extends CommonOptions {
  as?: string;
}

const fileArgument = ['<file>', 'YAML file; - for standard input'] as const;
const asOption = [
  '--as <path>',
  'path of the file on the server; relative paths start at its folder (default: its path here)',
] as const;

export function addConfig(program: Command, cli: CliContext): void {
  const config = program.command('config').description('check, compare, apply, export and import config files');
  addOutputOptions(
    config
      .command('validate')
      .description('validate a config file without a server; the exit code is 1 when it has problems')
      .argument(...fileArgument),
  ).action(async (file: string, options: OutputOptions) => {
    const out = createOutput(cli.stdout, cli.stderr, options.json);
    const text = await readTextInput(file, cli.stdin);
    const { validateConfig } = await import('../../runtime/config/validate-config.ts');
    const problems = validateConfig(text, file === '-' ? 'stdin' : resolve(file));
    out.rows(
      problems.map((message) => ({ message })),
      [{ title: 'Problem', text: ({ message }) => message }],
      'The config file is valid.',
    );
    if (problems.length > 0) cli.endWith('failed');
  });
  addServerOptions(
    config
      .command('diff')
      .description('show what applying a config file would change, without changing it')
      .argument(...fileArgument)
      .option(...asOption)
      .option('--exit-code', 'exit with code 1 if something would change'),
  ).action((file: string, options: FileOptions & { exitCode?: boolean }) =>
    withServer(cli, options, async (session) => {
      const { changes } = await session.client.call('config.diff', await inputOf(cli, session, file, options));
      for (const change of changes) session.out.value(change, () => changeLines(change));
      if (changes.length === 0) session.out.note('Nothing would change.');
      else if (options.exitCode === true) cli.endWith('failed');
    }),
  );
  addServerOptions(
    config
      .command('apply')
      .description(
        'apply a config file as a whole: definitions owned by a config file become exactly these; not for a server with --config',
      )
      .argument(...fileArgument)
      .option(...asOption),
  ).action((file: string, options: FileOptions) =>
    withServer(cli, options, async (session) => {
      const { changes } = await session.client.call('config.apply', await inputOf(cli, session, file, options));
      for (const change of changes) session.out.value(change, () => changeLines(change));
      session.out.note(changes.length === 0 ? 'Applied. Nothing changed.' : `Applied. ${changes.length} changed.`);
    }),
  );
  addConfigImport(config, cli);
  addConnectionOptions(
    config
      .command('export')
      .description('print the definitions of the server as a config file, with secrets by reference'),
  ).action((options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { yaml } = await client.call('settings.exportConfig', {});
      const text = cli.stdout.isTTY === true ? yaml.split('\n').map(plainText).join('\n') : yaml;
      out.raw(text.endsWith('\n') ? text : `${text}\n`);
    }),
  );
}

async function inputOf(cli: CliContext, { isLocal }: Session, file: string, options: FileOptions) {
  if (options.as === undefined && !isLocal) {
    throw new CliError('usage', 'The server is another machine: give the path of the file there with --as.');
  }
  const yaml = await readTextInput(file, cli.stdin);
  return { yaml, file: options.as ?? resolve(file === '-' ? 'stdin.yaml' : file) };
}
