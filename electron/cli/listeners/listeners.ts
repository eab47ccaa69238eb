import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { describeIssue, issueDetails, printDetails } from '../../../shared/contract/explain-issues.ts';
import type { ClauseVerdict, Listener, Verdict } from '../../../shared/contract/listeners.ts';
import { listenerSpecSchema } from '../../../shared/contract/listeners.ts';
import { errorText } from '../../../shared/error-text.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import { wholeNumber } from '../numbers.ts';
import { plainText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { type Column, tableLines } from '../output/table.ts';
import { readTextInput } from '../read-input.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

/** As a config file has them; the state does not matter for a test. */
const configListenerSchema = listenerSpecSchema.extend({ state: z.enum(['active', 'disabled']).optional() });

const columns: readonly Column<Listener>[] = [
  { title: 'Slug', text: ({ slug }) => slug },
  { title: 'Source', text: ({ source }) => source ?? 'every' },
  { title: 'Types', text: ({ type }) => (type.length === 0 ? 'every' : type.join(', ')) },
  { title: 'Job', text: ({ job }) => job },
  { title: 'State', text: ({ state, mode }) => (mode === 'notify' ? state : `${state}, ${mode}`) },
  { title: 'Last match', text: ({ lastMatchedAt }) => showTime(lastMatchedAt) },
  { title: 'Problem', text: ({ problem }) => problem ?? '' },
];

export function addListeners(program: Command, cli: CliContext): void {
  const listeners = program.command('listeners').description('list listeners, and explain what they do with events');
  addServerOptions(listeners.command('list').description('list all listeners')).action((options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { items } = await client.call('listeners.list', {});
      out.rows(items, columns, 'No listeners.');
    }),
  );
  addServerOptions(
    listeners
      .command('explain')
      .description('show why each listener matches an event or not: matches first, then the nearest misses')
      .argument('<event>', 'event ID')
      .option('--listener <slug>', 'only this listener'),
  ).action((eventId: string, options: CommonOptions & { listener?: string }) =>
    withServer(cli, options, async ({ client, out }) => {
      const { items } = await client.call('listeners.explain', { eventId });
      const shown = items.filter(({ listener }) => options.listener === undefined || listener === options.listener);
      if (shown.length === 0 && options.listener !== undefined) {
        throw new CliError('notFound', `There is no listener "${options.listener}".`);
      }
      for (const verdict of shown) out.value(verdict, () => verdictLines(verdict));
    }),
  );
  addServerOptions(
    listeners
      .command('test')
      .description('test a listener from a file against stored events, without saving it')
      .argument('<file>', 'YAML or JSON of one listener, as in a config file; - for standard input')
      .option('--event <id>', 'explain the verdict for this event; the exit code is 1 if it does not match')
      .option('-n, --limit <count>', 'number of latest events to test against', wholeNumber(1, 5000), 500),
  ).action((file: string, options: CommonOptions & { event?: string; limit: number }) =>
    withServer(cli, options, async ({ client, out }) => {
      const listener = readListener(await readTextInput(file, cli.stdin), file);
      const result = await client.call('listeners.preview', {
        listener,
        ...(options.event === undefined ? { limit: options.limit } : { eventId: options.event }),
      });
      const { verdict } = result;
      if (verdict !== null) {
        out.value(verdict, () => verdictLines(verdict));
        if (!verdict.matched) cli.endWith('failed');
        return;
      }
      out.value(result, () => [
        `Matches ${result.matched} of the latest ${result.tried} events.`,
        ...tableLines(
          [
            { title: 'Received', text: ({ receivedAt }) => showTime(receivedAt) },
            { title: 'Id', text: ({ id }) => id },
            { title: 'Type', text: ({ type }) => type },
            { title: 'Now', text: ({ nowMatches }) => (nowMatches ? 'matches' : 'no longer') },
            { title: 'Saved', text: ({ didMatch }) => (didMatch ? 'matches' : 'no') },
          ],
          result.items,
          cli.stdout.columns ?? 120,
        ),
      ]);
    }),
  );
}

function readListener(text: string, file: string) {
  let raw: unknown;
  try {
    raw = parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new CliError('usage', `${file} is neither YAML nor JSON: ${errorText(error)}`, { cause: error });
  }
  const whole = { slug: 'untitled', job: 'untitled', ...(typeof raw === 'object' && raw !== null ? raw : { raw }) };
  const parsed = configListenerSchema.safeParse(whole, { error: describeIssue });
  if (!parsed.success) throw new CliError('usage', printDetails(file, issueDetails(parsed.error.issues)));
  const { job: _job, state: _state, slug, ...listener } = parsed.data;
  return slug === 'untitled' ? listener : { slug, ...listener };
}

function verdictLines({ listener, matched, state, distance, clauses }: Verdict): string[] {
  const result = matched ? 'matches' : `does not match (${distance} ${distance === 1 ? 'clause' : 'clauses'} away)`;
  return [
    plainText(`${listener} ${result}${state === 'active' ? '' : `, ${state}`}`),
    ...clauses.flatMap((clause) => clauseLines(clause, 1)),
  ];
}

function clauseLines(clause: ClauseVerdict, depth: number): string[] {
  const { passed, text, seen, difference, children = [] } = clause;
  const value =
    seen === undefined || passed ? '' : seen.present ? `, is ${stringifyExact(seen.value)}` : ', is missing';
  const why = difference === undefined ? '' : ` (${difference.text})`;
  return [
    plainText(`${'  '.repeat(depth)}${passed ? '✓' : '✗'} ${text}${value}${why}`),
    ...children.flatMap((child) => clauseLines(child, depth + 1)),
  ];
}
