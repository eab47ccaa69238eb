import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { errorText } from '../../../shared/error-text.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import type { FoundSecret } from '../import/hook-secrets.ts';
import { createOutput } from '../output/output.ts';
import { readTextInput } from '../read-input.ts';
import { addOutputOptions, type OutputOptions } from '../server-command.ts';

interface ImportOptions extends OutputOptions {
  from: string;
  out?: string;
  secrets?: string;
  template?: boolean;
}

const formats = ['adnanh-webhook'];

export function addConfigImport(config: Command, cli: CliContext): void {
  addOutputOptions(
    config
      .command('import')
      .description(
        'turn the hooks of another program into a config file, and list what could not be carried over. ' +
          'The exit code is 1 when a hook is left out; needs no server',
      )
      .argument('<file>', 'hooks file, JSON or YAML; - for standard input')
      .requiredOption('--from <program>', `the program: ${formats.join(', ')}`)
      .option('--out <file>', 'write the config file here (default: standard output)')
      .option(
        '--secrets <folder>',
        'write the secrets of the hooks as files here (default: variables of the server, which you set)',
      )
      .option('--template', 'the hooks file is a Go template, as for the option -template of the program'),
  ).action(async (file: string, options: ImportOptions) => {
    if (!formats.includes(options.from)) {
      throw new CliError('usage', `There is no import from "${options.from}"; there is ${formats.join(', ')}.`);
    }
    const text = await readTextInput(file, cli.stdin);
    const { importHooks } = await import('../import/import-hooks.ts');
    const secretsFolder = options.secrets === undefined ? null : resolve(options.secrets);
    const { yaml, notes, secrets, leftOut } = importHooks(text, {
      isTemplate: options.template === true,
      secretsFolder,
      env: process.env,
    });
    if (secretsFolder !== null) writeSecrets(secrets);
    if (options.out === undefined) cli.stdout.write(yaml);
    else write(resolve(options.out), yaml);
    // Standard output is the file where there is no other.
    const out = createOutput(options.out === undefined ? cli.stderr : cli.stdout, cli.stderr, options.json ?? false);
    out.rows(
      [...notes, ...(secretsFolder === null ? secrets.map(variableToSet) : [])],
      [
        { title: 'Hook', text: ({ hook }) => hook },
        { title: 'What', text: ({ what }) => what },
        { title: 'Why', text: ({ why }) => why },
        { title: 'To do', text: ({ todo }) => todo },
      ],
      'Everything was carried over.',
    );
    if (leftOut.length > 0) cli.endWith('failed');
  });
}

const variableToSet = ({ hook, ref }: FoundSecret) => ({
  hook,
  what: 'secret',
  why: 'Secrets are not written into config files.',
  todo: `Set ${'env' in ref ? ref.env : ''} in the environment of the server, or import with --secrets.`,
});

function writeSecrets(secrets: readonly FoundSecret[]): void {
  for (const { ref, value } of secrets) if ('file' in ref) write(ref.file, value, 0o600);
}

function write(file: string, text: string, mode = 0o644): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  } catch (error) {
    throw new CliError('failed', `${file} cannot be written: ${errorText(error)}.`, { cause: error });
  }
}
