import type { Command } from 'commander';
import { collectPages } from '../../../shared/collect-pages.ts';
import type { EventDetail } from '../../../shared/contract/events.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { CliContext } from '../cli-context.ts';
import { wholeNumber } from '../numbers.ts';
import { multilineText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { factLines } from '../output/table.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';
import { eventColumns, runsOf } from './event-columns.ts';
import { addExport } from './export.ts';
import { addReplay } from './replay.ts';

interface ListOptions extends CommonOptions {
  limit: number;
}

export function addEvents(program: Command, cli: CliContext): void {
  const events = program.command('events').description('list, show, export and replay events');
  addServerOptions(
    events
      .command('list')
      .description('list events, newest first')
      .argument('[query]', 'only events that match, such as "type:order.* is:failed after:2h"')
      .option('-n, --limit <count>', 'maximum number of events', wholeNumber(1, 1_000_000), 50),
  ).action((query: string | undefined, options: ListOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const found = await collectPages((page) => client.call('events.list', { query, ...page }), options.limit);
      out.rows(found, eventColumns, 'No matching events.');
    }),
  );
  addServerOptions(
    events
      .command('show')
      .description('show an event with its payload, verification and runs')
      .argument('<event>', 'event ID'),
  ).action((id: string, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const event = await client.call('events.get', { id });
      out.value(event, () => eventLines(event));
    }),
  );
  addExport(events, cli);
  addReplay(events, cli);
}

function eventLines(event: EventDetail): string[] {
  const { verification, delivery, lineage } = event;
  const facts = factLines([
    ['Id', event.id],
    ['Type', event.type],
    ['Source', `${event.source} (${event.system})`],
    ['Received', showTime(event.receivedAt)],
    ['Occurred', event.occurredAt === null ? null : showTime(event.occurredAt)],
    ['Sender’s id', event.externalId],
    ['Verified', [verification.state, verification.scheme, verification.detail].filter(Boolean).join(', ')],
    ['Delivery', delivery === null ? null : `${delivery.id}, ${delivery.method} from ${delivery.remoteAddress}`],
    ['Replay of', event.replayOf],
    ['Caused by', lineage.causedBy === null ? null : `run ${lineage.causedBy.runId} of ${lineage.causedBy.job}`],
    ['Runs', event.runs.length === 0 ? runsOf(event) : null],
    ...event.runs.map(({ id, job, state }) => ['Run', `${id}  ${job}  ${state}`] as const),
    ...(delivery?.notes ?? []).map(({ message }) => ['Note', message] as const),
  ]);
  return [
    ...facts,
    '',
    'Context',
    ...multilineText(stringifyExact(event.context, 2)),
    '',
    'Payload',
    ...multilineText(stringifyExact(event.payload, 2)),
  ];
}
