import type { Command } from 'commander';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { testDelivery } from '../../../shared/test-delivery.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { readTextInput } from '../read-input.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

interface SendOptions extends CommonOptions {
  type?: string;
  data?: string;
  contentType?: string;
  header?: string[];
  sign?: boolean;
}

export function addSend(program: Command, cli: CliContext): void {
  addServerOptions(
    program
      .command('send')
      .description('send a test delivery to a source: the sample of its preset, or the body given with --data')
      .argument('<source>', 'slug of the source')
      .option('--type <type>', 'send the sample of this event type')
      .option('--data <data>', 'body: text, @file, or - for standard input')
      .option('--content-type <type>', 'content type of the body (default: that of the sample, else of the preset)')
      .option('--header <name:value...>', 'header to send; headers that signing adds come after it; may be repeated')
      .option('--sign', 'sign the delivery with the secret of the source'),
  ).action((source: string, options: SendOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const [{ items: presets }, target] = await Promise.all([
        client.call('sources.presets', {}),
        client.call('sources.get', { slug: source }),
      ]);
      const preset = presets.find(({ id }) => id === target.preset);
      const delivery = await composeDelivery(cli, options, preset);
      const answer = await client.call('sources.sendTest', { slug: source, ...delivery, sign: options.sign === true });
      out.value(answer, () => [
        `${answer.status} ${plainText(answer.body)}`.trimEnd(),
        ...answer.eventIds.map((id) => `event ${id}`),
      ]);
      if (answer.signing === 'impossible') {
        cli.stderr.write(`Sent unsigned: Signalbox cannot sign for ${source}. ${whyUnsigned(target)}\n`);
      } else if (answer.signing === 'not_needed') out.note(`${source} accepts deliveries without a signature.`);
      if (answer.status < 200 || answer.status > 299) refused(cli, out, options);
    }),
  );
}

async function composeDelivery(cli: CliContext, options: SendOptions, preset: PresetInfo | undefined) {
  const headers = readHeaders(options.header ?? []);
  if (options.data !== undefined) {
    if (options.type !== undefined) {
      throw new CliError('usage', '--type chooses a sample and --data gives a body of your own: use one of them.');
    }
    const { data } = options;
    const body = data === '-' || data.startsWith('@') ? await readTextInput(data.replace(/^@/, ''), cli.stdin) : data;
    return { body, contentType: options.contentType, headers };
  }
  if (preset === undefined) throw new CliError('usage', 'This source has no sample. Give a body with --data.');
  const sample =
    options.type === undefined ? { ...preset.sample, headers: {} } : testDelivery(preset, options.type, Date.now());
  return {
    body: sample.body,
    contentType: options.contentType ?? sample.contentType,
    headers: { ...sample.headers, ...headers },
  };
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      if (colon <= 0) throw new CliError('usage', `--header must be NAME:VALUE, not ${line}.`);
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
    }),
  );
}

function whyUnsigned({ problem }: Source): string {
  return problem ?? 'Only the sender has the signing key, or the verification does not use a header.';
}

function refused(cli: CliContext, out: Output, options: SendOptions): void {
  if (options.sign !== true) out.note('Add --sign to sign it with the secret of the source.');
  cli.endWith('failed');
}
