import type { Command } from 'commander';
import { collectPages } from '../../../shared/collect-pages.ts';
import type { Delivery, DeliveryDetail } from '../../../shared/contract/deliveries.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { followServer } from '../connection/follow-server.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { CliError } from '../exit-codes.ts';
import { wholeNumber } from '../numbers.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { showTime } from '../output/show-time.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';
import { type Answered, forward } from './forward-request.ts';

interface ListenOptions extends CommonOptions {
  source?: string;
  filter?: string;
  timeout: number;
}

export function addListen(program: Command, cli: CliContext): void {
  addServerOptions(
    program
      .command('listen')
      .description(
        'forward incoming deliveries to a local server, with method, headers and body as stored, and show the status and time of each response; ends at Ctrl-C',
      )
      .argument('<target>', 'a port on this machine, or a URL')
      .option('--source <slug>', 'only deliveries to this source')
      .option('--filter <query>', 'only deliveries with an event that matches')
      .option('--timeout <seconds>', 'for each response', wholeNumber(1, 3600), 30),
  ).action((target: string, options: ListenOptions) => {
    const address = targetOf(target);
    return withServer(cli, options, async ({ client, out }) => {
      const { source } = options;
      if (source !== undefined) await client.call('sources.get', { slug: source });
      if (options.filter !== undefined) await client.call('events.list', { query: options.filter, limit: 1 });
      const news = await startNews(client, source);
      const what = source === undefined ? 'all deliveries' : `deliveries of ${source}`;
      // In scripts too: what arrives after this line is sent on.
      cli.stderr.write(`Forwarding ${what} to ${address.href}. Ctrl-C ends it.\n`);
      const signal = cli.interrupted();
      await followServer({
        client,
        signal,
        note: out.note,
        concerns: ({ name }) => name === 'deliveries.added',
        async refresh() {
          for (const delivery of await news.fetch()) {
            if (signal.aborted) return true;
            if (await isWanted(client, delivery, options.filter)) await sendOn(client, out, delivery, address, options);
          }
          return false;
        },
      });
    });
  });
}

function targetOf(text: string): URL {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535) return new URL(`http://127.0.0.1:${text}/`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new CliError(
    'usage',
    `The target must be a port such as 3000, or a URL such as http://localhost:3000/hooks, not ${text}.`,
  );
}

/** Deliveries from now on that were taken; the list is in the order of storing, so the first known one ends the search. */
async function startNews(client: ServerClient, source: string | undefined) {
  const page = (query: { limit: number; cursor: string | null }) =>
    client.call('deliveries.list', { source, ...query });
  let newest: Delivery | undefined = (await page({ limit: 1, cursor: null })).items[0];
  const since = new Date(newest === undefined ? 0 : Date.parse(newest.receivedAt)).toISOString();
  return {
    /** Oldest first. */
    async fetch(): Promise<Delivery[]> {
      const found = await collectPages(page, Number.POSITIVE_INFINITY, ({ id, receivedAt }) =>
        // By time too: of refused deliveries only the latest are kept.
        newest === undefined ? false : id === newest.id || receivedAt < since,
      );
      newest = found[0] ?? newest;
      return found.reverse().filter(({ result }) => result === 'accepted' || result === 'duplicate');
    },
  };
}

async function isWanted(client: ServerClient, delivery: Delivery, filter: string | undefined): Promise<boolean> {
  if (filter === undefined) return true;
  for (const id of delivery.eventIds) {
    const { items } = await client.call('events.list', { query: `${filter} id:${id}`, limit: 1 });
    if (items.length > 0) return true;
  }
  return false;
}

async function sendOn(
  client: ServerClient,
  out: Output,
  { id, source }: Delivery,
  target: URL,
  options: ListenOptions,
) {
  let delivery: DeliveryDetail;
  try {
    delivery = await client.call('deliveries.get', { id });
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return;
    throw error;
  }
  const isMasked = delivery.headers.some(([, value]) => value.includes('***')) || delivery.url.includes('***');
  const answered: Answered = delivery.body.truncated
    ? { status: null, ms: 0, error: 'not sent: its body is larger than 4 MiB' }
    : await forward(delivery, target, options.timeout * 1000);
  const { status, ms, error } = answered;
  out.value({ deliveryId: id, source, method: delivery.method, ...answered, isMasked }, () => [
    plainText(
      `${showTime(delivery.receivedAt)}  ${id}  ${source}  ${error === null ? `${status} in ${ms} ms` : error}${isMasked ? '  (secrets that are not stored are shown as ***)' : ''}`,
    ),
  ]);
}
