import type { Command } from 'commander';
import { exitCodes } from '../../electron/cli/exit-codes.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function commandSections(command: Command, path: readonly string[]): string[] {
  const own = command.commands.length > 0 ? [] : [section(command, path)];
  return [...own, ...command.commands.flatMap((one) => commandSections(one, [...path, one.name()]))];
}

function section(command: Command, path: readonly string[]): string {
  const usage = [...path, ...command.registeredArguments.map((one) => argumentText(one))].join(' ');
  const rows = [
    ...command.registeredArguments.map((one) => [argumentText(one), one.description] as const),
    ...command.options.map(({ flags, description, envVar, argChoices, defaultValue }) => {
      const extra = [
        argChoices === undefined ? '' : `one of ${argChoices.join(', ')}`,
        defaultValue === undefined ? '' : `default: ${String(defaultValue)}`,
        envVar === undefined ? '' : `env: ${envVar}`,
      ].filter((text) => text !== '');
      return [flags, `${description}${extra.length === 0 ? '' : ` (${extra.join('; ')})`}`] as const;
    }),
  ];
  const table = rows.map(([name, text]) => `| \`${name}\` | ${cell(text)} |`);
  const description = command.description();
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  return [`### \`${usage}\``, '', sentence, ...(rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...table])].join(
    '\n',
  );
}

const argumentText = (argument: Command['registeredArguments'][number]): string => {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${text}>` : `[${text}]`;
};

/** What docs/cli.md says of every command, from the definitions that the command itself parses with. */
export function commandReference(program: Command): string {
  const codes = Object.values(exitCodes).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`);
  return [
    '## Exit codes',
    '',
    '| | |',
    '|---|---|',
    ...codes,
    '',
    '## Commands',
    '',
    commandSections(program, [program.name()]).join('\n\n'),
    '',
  ].join('\n');
}
