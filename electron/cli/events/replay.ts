import type { Command } from 'commander';
import type { Replay } from '../../../shared/contract/events.ts';
import type { CliContext } from '../cli-context.ts';
import { followServer } from '../connection/follow-server.ts';
import { CliError } from '../exit-codes.ts';
import { wholeNumber } from '../numbers.ts';
import { plainText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { tableLines } from '../output/table.ts';
import { addServerOptions, type CommonOptions, type Session, withServer } from '../server-command.ts';

interface ReplayOptions extends CommonOptions {
  query?: string;
  limit?: number;
  listener?: string[];
  onlyFailed?: boolean;
  perSecond?: number;
  dryRun?: boolean;
}

export function addReplay(events: Command, cli: CliContext): void {
  addServerOptions(
    events
      .command('replay')
      .description('send stored events through the listeners again')
      .argument('[event...]', 'event IDs')
      .option('--query <query>', 'replay all matching events, oldest first, instead of IDs')
      .option('--limit <count>', 'replay only this many of the matching events, the newest', wholeNumber(1, 100_000))
      .option('--listener <slug...>', 'only these listeners, regardless of their conditions')
      .option('--only-failed', 'only listeners whose last run for the event failed')
      .option('--per-second <count>', 'maximum events per second', wholeNumber(1, 10_000))
      .option('--dry-run', 'show what the query would replay without replaying it'),
  ).action((ids: string[], options: ReplayOptions) => {
    const isByQuery = options.query !== undefined;
    if (isByQuery === ids.length > 0) throw new CliError('usage', 'Give either event IDs or --query.');
    if (!isByQuery && (options.dryRun === true || options.limit !== undefined || options.perSecond !== undefined)) {
      throw new CliError('usage', '--dry-run, --limit and --per-second need --query.');
    }
    return withServer(cli, options, (session) =>
      isByQuery ? replayQuery(cli, session, options.query ?? '', options) : replayEvents(session, ids, options),
    );
  });
}

const targets = ({ listener, onlyFailed }: ReplayOptions) => ({
  ...(listener === undefined ? {} : { listeners: listener }),
  ...(onlyFailed === true ? { onlyFailed } : {}),
});

async function replayEvents({ client, out }: Session, ids: string[], options: ReplayOptions): Promise<void> {
  const { items } = await client.call('events.replay', { ids, ...targets(options) });
  out.rows(
    items,
    [
      { title: 'Event', text: ({ id }) => id },
      { title: 'Replay of', text: ({ replayOf }) => replayOf },
    ],
    'No event was replayed.',
  );
}

async function replayQuery(cli: CliContext, { client, out }: Session, query: string, options: ReplayOptions) {
  const wanted = { query, limit: options.limit, ...targets(options) };
  if (options.dryRun === true) {
    const preview = await client.call('replays.preview', wanted);
    out.value(preview, () => [
      `${preview.events} events${preview.isMore ? ', plus more beyond the limit' : ''}, from ${showTime(preview.oldestAt)} to ${showTime(preview.newestAt)}.`,
      `Of the newest ${preview.examined}, ${preview.unmatched} match no listener.`,
      ...tableLines(
        [
          { title: 'Listener', text: ({ listener }) => listener },
          { title: 'Job', text: ({ job }) => job },
          { title: 'Events', text: ({ events }) => String(events), align: 'right' },
        ],
        preview.listeners,
        100,
      ),
    ]);
    return;
  }
  const started = await client.call('replays.start', { ...wanted, perSecond: options.perSecond });
  out.note(`Replay ${started.id} started. Ctrl-C stops waiting for it, not the replay.`);
  let replay: Replay = started;
  await followServer({
    client,
    signal: cli.interrupted(),
    note: out.note,
    concerns: ({ name }) => name === 'replays.changed',
    async refresh() {
      const { items } = await client.call('replays.list', {});
      replay = items.find(({ id }) => id === started.id) ?? replay;
      return replay.state !== 'running';
    },
  });
  out.value(replay, () => [
    plainText(`${replay.state}, ${replay.done} events${replay.error === null ? '' : `: ${replay.error}`}`),
  ]);
  if (replay.state === 'failed' || replay.state === 'canceled') cli.endWith('failed');
}
