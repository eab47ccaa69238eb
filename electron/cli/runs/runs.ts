import { Argument, type Command, Option } from 'commander';
import { collectPages } from '../../../shared/collect-pages.ts';
import { type Run, type RunDetail, type RunState, runStates } from '../../../shared/contract/runs.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { CliContext } from '../cli-context.ts';
import { wholeNumber } from '../numbers.ts';
import { multilineText, plainText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { factLines } from '../output/table.ts';
import { addServerOptions, type CommonOptions, type Session, withServer } from '../server-command.ts';
import { inboxColumns, runColumns, runStateOf } from './run-columns.ts';
import { addRunOutput } from './run-output.ts';

interface ListOptions extends CommonOptions {
  limit: number;
  state?: RunState[];
  job?: string;
  listener?: string;
  event?: string;
}

const limitOption = () =>
  new Option('-n, --limit <count>', 'maximum number of runs').argParser(wholeNumber(1, 1_000_000)).default(50);

export function addRuns(program: Command, cli: CliContext): void {
  const runs = program.command('runs').description('list, show and control runs of jobs');
  addServerOptions(
    runs
      .command('list')
      .description('list runs, newest first')
      .argument('[query]', 'only runs of events that match')
      .addOption(new Option('--state <state...>', 'only runs in these states').choices(runStates))
      .option('--job <slug>', 'only runs of this job')
      .option('--listener <slug>', 'only runs that this listener started')
      .option('--event <id>', 'only runs of this event')
      .addOption(limitOption()),
  ).action((query: string | undefined, options: ListOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { state, job, listener, event: eventId, limit } = options;
      const found = await collectPages(
        (page) => client.call('runs.list', { query, state, job, listener, eventId, ...page }),
        limit,
      );
      out.rows(found, runColumns, 'No matching runs.');
    }),
  );
  addServerOptions(
    runs.command('show').description('show a run with its attempts, outcome and questions').argument('<run>', 'run ID'),
  ).action((id: string, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const run = await client.call('runs.get', { id });
      out.value(run, () => runLines(run));
    }),
  );
  addRunOutput(runs, cli);
  addOrders(runs, cli);
}

export function addInbox(program: Command, cli: CliContext): void {
  addServerOptions(
    program
      .command('inbox')
      .description('list runs that need an operator: approval, an answer or an acknowledgement')
      .addOption(limitOption()),
  ).action((options: ListOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const found = await collectPages((page) => client.call('runs.list', { inbox: true, ...page }), options.limit);
      out.rows(found, inboxColumns, 'Inbox zero.');
    }),
  );
}

/** What changes runs. Each run is ordered on its own, and all are tried before the first refusal is reported. */
function addOrders(runs: Command, cli: CliContext): void {
  const ids = () => new Argument('<run...>', 'run IDs');
  addServerOptions(
    runs.command('retry').description('retry ended runs, each as a new run for the same event').addArgument(ids()),
  ).action((list: string[], options: CommonOptions) =>
    withServer(cli, options, (session) => orderEach(session, list, (id) => session.client.call('runs.retry', { id }))),
  );
  addServerOptions(runs.command('cancel').description('cancel running or waiting runs').addArgument(ids())).action(
    (list: string[], options: CommonOptions) =>
      withServer(cli, options, (session) =>
        orderEach(session, list, (id) => session.client.call('runs.cancel', { id })),
      ),
  );
  addServerOptions(
    runs
      .command('ack')
      .description('acknowledge ended runs, which takes them out of the inbox')
      .addArgument(ids())
      .option('--note <text>', 'shown on the acknowledgement'),
  ).action((list: string[], options: CommonOptions & { note?: string }) =>
    withServer(cli, options, async ({ client, out }) => {
      const { items } = await client.call('runs.acknowledge', { ids: list, note: options.note });
      out.rows(items, runColumns, 'No run was acknowledged.');
    }),
  );
}

async function orderEach({ out }: Session, ids: readonly string[], order: (id: string) => Promise<Run>): Promise<void> {
  const done: Run[] = [];
  const failures: unknown[] = [];
  for (const id of ids)
    await order(id).then(
      (run) => done.push(run),
      (error: unknown) => failures.push(error),
    );
  if (done.length > 0) out.rows(done, runColumns, '');
  if (failures.length > 0) throw failures[0];
}

function runLines(run: RunDetail): string[] {
  const facts = factLines([
    ['Id', run.id],
    ['Job', run.job],
    ['State', `${runStateOf(run)}${run.exitCode === null ? '' : `, exit code ${run.exitCode}`}`],
    ['Error', run.error],
    ['Event', `${run.eventId}  ${run.eventType}`],
    ['Listener', run.listener],
    ['Queued', showTime(run.queuedAt)],
    ['Started', run.startedAt === null ? null : showTime(run.startedAt)],
    ['Finished', run.finishedAt === null ? null : showTime(run.finishedAt)],
    ['Attempts', `${run.attempt} of ${run.attempts}`],
    ['Needs', run.needsAttention],
    ['Question', run.question?.message],
    ['Decided by', run.decidedBy],
    ['Acknowledged', run.acknowledgedAt === null ? null : `${showTime(run.acknowledgedAt)} by ${run.acknowledgedBy}`],
    ['Note', run.note],
    ['Retry of', run.retryOf],
    ...run.retriedBy.map((id) => ['Retried by', id] as const),
  ]);
  const attempts = run.history.map((one) =>
    plainText(`  ${one.attempt}  ${runStateOf(one)}  ${showTime(one.startedAt)}  ${one.error ?? ''}`).trimEnd(),
  );
  const outcome = run.outcome === null ? [] : ['', 'Outcome', ...multilineText(stringifyExact(run.outcome, 2))];
  return [...facts, '', 'Attempts', ...attempts, ...outcome];
}
