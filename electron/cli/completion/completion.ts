import { Argument, type Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { bashScript, fishScript, type Level, zshScript } from './scripts.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof scripts;

export function addCompletion(program: Command, cli: CliContext): void {
  program
    .command('completion')
    .description('print completions for a shell, such as: source <(signalbox completion bash)')
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(scripts)))
    .action((shell: Shell) => void cli.stdout.write(scripts[shell](levelsOf(program))));
}

/** Every command with what can follow it, from the definitions themselves. */
function levelsOf(command: Command, path: readonly string[] = []): Level[] {
  const options = command.options.map(({ long, short, description }) => ({ word: long ?? short ?? '', description }));
  const commands = command.commands.map((one) => ({
    word: one.name(),
    description: one.summary() || one.description(),
  }));
  const own: Level = {
    path: path.join(' '),
    commands,
    options: [...options, { word: '--help', description: 'show help' }],
  };
  return [own, ...command.commands.flatMap((one) => levelsOf(one, [...path, one.name()]))];
}
