import { AppError } from '../../../shared/contract/errors.ts';
import { type CallInput, type CallName, contract, type Output } from '../../../shared/contract/index.ts';
import { type PushEnvelope, pushEnvelopeSchema } from '../../../shared/contract/pushes.ts';
import { parseReply, type Reply } from '../../../shared/contract/reply.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { CliError } from '../exit-codes.ts';
import { type Endpoint, readText, sendRequest } from './endpoint.ts';
import { readEventStream } from './event-stream.ts';

/** A verified backup of a large store, and a large restore, take their time. */
const callSilenceMs = 30 * 60_000;
const streamSilenceMs = 60_000;

export interface ServerClient {
  label: string;
  /** The contract's output. Throws AppError that the server answers, or CliError where none responds. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  /** One connection of the push stream, until it ends. Throws as `call` does. */
  readPushes(on: { open(): void; push(envelope: PushEnvelope): void }, signal: AbortSignal): Promise<void>;
}

export function createServerClient(endpoint: Endpoint): ServerClient {
  function readReply(text: string, status: number): Reply {
    const reply = parseReply(text);
    if (reply !== null) return reply;
    const redirect = status >= 300 && status < 400 ? '; give the address that it redirects to' : '';
    throw new CliError(
      'noServer',
      `${endpoint.label} responds with HTTP ${status}, and is not the console of a Signalbox${redirect}. Check the address.`,
    );
  }

  return {
    label: endpoint.label,

    async call(name, input) {
      const body = stringifyExact(input);
      const asked = { method: 'POST' as const, path: `/api/${name}`, body, silenceMs: callSilenceMs };
      const response = await sendRequest(endpoint, asked);
      const reply = readReply(await readText(endpoint, response), response.statusCode ?? 0);
      if (!reply.ok) throw new AppError(reply.error.code, reply.error.message, reply.error.details);
      const output = contract[name].output.safeParse(reply.value);
      if (!output.success) {
        const issue = output.error.issues[0];
        const where = issue === undefined ? '' : ` (${issue.path.join('.') || 'value'}: ${issue.message})`;
        throw new CliError(
          'failed',
          `The response to ${name} is not in the expected format${where}. Use the same version of signalbox as the server.`,
        );
      }
      // Sound because `contract[name].output` is the schema that `Output<name>` is derived from.
      return output.data as Output<typeof name>;
    },

    async readPushes({ open, push }, signal) {
      const asked = { method: 'GET' as const, path: '/api/push', signal, silenceMs: streamSilenceMs };
      const response = await sendRequest(endpoint, asked);
      if (response.statusCode !== 200) {
        const reply = readReply(await readText(endpoint, response), response.statusCode ?? 0);
        if (!reply.ok) throw new AppError(reply.error.code, reply.error.message);
        return;
      }
      open();
      for await (const data of readEventStream(response)) push(pushEnvelopeSchema.parse(parseExact(data)));
    },
  };
}
