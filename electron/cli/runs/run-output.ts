import type { Command } from 'commander';
import type { OutputLine } from '../../../shared/contract/runs.ts';
import type { CliContext } from '../cli-context.ts';
import { followServer } from '../connection/follow-server.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { wholeNumber } from '../numbers.ts';
import type { Output } from '../output/output.ts';
import { coloredText } from '../output/plain-text.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

interface RunOutputOptions extends CommonOptions {
  attempt?: number;
  follow?: boolean;
}

export function addRunOutput(runs: Command, cli: CliContext): void {
  addServerOptions(
    runs
      .command('output')
      .description('print the output of a run; its standard error goes to standard error')
      .argument('<run>', 'run ID')
      .option('--attempt <number>', 'attempt to print (default: the latest)', wholeNumber(1, 100))
      .option(
        '-f, --follow',
        'keep printing new output until the run ends or Ctrl-C; the exit code is 1 when it failed',
      ),
  ).action((id: string, options: RunOutputOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const reader = readerOf(client, id, options.attempt);
      const show = (lines: readonly OutputLine[]): void => {
        for (const line of lines) showLine(cli, out, line);
      };
      const first = await client.call('runs.get', { id });
      if (options.follow !== true) {
        show(await reader.fetch(first.attempt));
        return;
      }
      let state = '';
      await followServer({
        client,
        signal: cli.interrupted(),
        note: out.note,
        concerns: ({ name }) => name === 'runs.wrote' || name === 'runs.changed',
        async refresh() {
          // Asked before the output, which it has stored: what an ended run wrote is all there.
          const run = await client.call('runs.get', { id });
          show(await reader.fetch(run.attempt));
          state = run.state;
          return run.finishedAt !== null && ['completed', 'failed', 'canceled'].includes(run.state);
        },
      });
      if (state === 'failed' || state === 'canceled') {
        out.note(`The run ${state === 'failed' ? 'failed' : 'was canceled'}.`);
        cli.endWith('failed');
      }
    }),
  );
}

/** Gives each line once, over any number of calls; a further attempt begins anew. */
function readerOf(client: ServerClient, id: string, chosen: number | undefined) {
  let attempt = chosen;
  let after: number | undefined;

  async function fetchAttempt(number: number): Promise<OutputLine[]> {
    const found: OutputLine[] = [];
    for (;;) {
      const page = await client.call('runs.output', { id, attempt: number, after });
      found.push(...page.items);
      after = page.next ?? page.last ?? after;
      if (page.next === null) return found;
    }
  }

  return {
    async fetch(latest: number): Promise<OutputLine[]> {
      const found: OutputLine[] = [];
      for (attempt ??= Math.max(1, latest); ; attempt += 1) {
        found.push(...(await fetchAttempt(attempt)));
        if (chosen !== undefined || attempt >= latest) return found;
        after = undefined;
      }
    },
  };
}

function showLine(cli: CliContext, out: Output, line: OutputLine): void {
  if (out.isJson) {
    out.value(line, () => []);
    return;
  }
  const isTerminal = (line.stream === 'stdout' ? cli.stdout : cli.stderr).isTTY === true;
  const text = isTerminal ? coloredText(line.text) : line.text;
  if (line.stream === 'stdout') out.raw(`${text}\n`);
  else cli.stderr.write(`${text}\n`);
}
