import type { Command } from 'commander';
import { collectPages } from '../../../shared/collect-pages.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { CliContext } from '../cli-context.ts';
import { followServer } from '../connection/follow-server.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { wholeNumber } from '../numbers.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';
import { payloadTextOf, runsOf } from './event-columns.ts';

interface TailOptions extends CommonOptions {
  lines: number;
  follow?: boolean;
}

export function addTail(program: Command, cli: CliContext): void {
  addServerOptions(
    program
      .command('tail')
      .description('show the latest events, the newest last')
      .argument('[query]', 'only events that match, such as "type:order.* payload.total:>100"')
      .option('-n, --lines <count>', 'number of stored events to start with', wholeNumber(0, 500), 20)
      .option('-f, --follow', 'keep printing new events until Ctrl-C'),
  ).action((query: string | undefined, options: TailOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const show = (events: readonly EventItem[]): void => {
        for (const event of events) showLine(out, event);
      };
      const news = await startNews(client, query);
      if (options.lines > 0) {
        const first = await collectPages((page) => client.call('events.list', { query, ...page }), options.lines);
        show(first.toReversed());
        news.known(first[0] ?? null);
      }
      if (options.follow !== true) return;
      await followServer({
        client,
        signal: cli.interrupted(),
        note: out.note,
        concerns: ({ name }) => name === 'events.added',
        async refresh() {
          show(await news.fetch());
          return false;
        },
      });
    }),
  );
}

/** How far back a search for new events looks: a clock may have been set back meanwhile. */
const marginMs = 60_000;

/** Events that match, from now on. The list is in the order of storing, so the first known one ends the search. */
async function startNews(client: ServerClient, query: string | undefined) {
  const newestOf = async (text: string | undefined): Promise<EventItem | null> =>
    (await collectPages((page) => client.call('events.list', { query: text, ...page }), 1))[0] ?? null;
  let looked = await newestOf(undefined);
  let newest = await newestOf(query);
  return {
    known(event: EventItem | null): void {
      newest = event ?? newest;
    },
    /** Oldest first. */
    async fetch(): Promise<EventItem[]> {
      const next = await newestOf(undefined);
      // Without a bound, a query that matches nothing would be looked for in the whole store at each push.
      const since = looked === null ? '' : ` after:${new Date(Date.parse(looked.receivedAt) - marginMs).toISOString()}`;
      const bounded = `${query ?? ''}${since}`.trim();
      const found = await collectPages(
        (page) => client.call('events.list', { query: bounded, ...page }),
        Number.POSITIVE_INFINITY,
        ({ id }) => id === newest?.id,
      );
      looked = next ?? looked;
      newest = found[0] ?? newest;
      return found.reverse();
    },
  };
}

function showLine(out: Output, event: EventItem): void {
  out.value(event, () => {
    const { receivedAt, id, source, type } = event;
    return [plainText(`${showTime(receivedAt)}  ${id}  ${source}  ${type}  ${runsOf(event)}  ${payloadTextOf(event)}`)];
  });
}
