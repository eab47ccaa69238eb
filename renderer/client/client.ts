import { AppError } from '../../shared/contract/errors.ts';
import {
  type CallInput,
  type CallName,
  contract,
  type Output,
  type PushName,
  type PushValue,
} from '../../shared/contract/index.ts';
import { pushes } from '../../shared/contract/pushes.ts';
import { advanceSequence, freshSequence } from './push-sequence.ts';
import type { ConnectionPhase, Transport } from './transport.ts';

export interface Client {
  kind: Transport['kind'];
  /** The contract's output, or throws AppError. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  onPush<N extends PushName>(name: N, listener: (value: PushValue<N>) => void): () => void;
  /** Pushes were lost: whatever is on show must be fetched again. */
  onGap(listener: () => void): () => void;
  onPhase(listener: (phase: ConnectionPhase) => void): () => void;
  signIn: Transport['signIn'];
  session: Transport['session'];
  start(): () => void;
}

const isPushName = (name: string): name is PushName => Object.hasOwn(pushes, name);

export function createClient(transport: Transport): Client {
  const gapListeners = new Set<() => void>();
  const phaseListeners = new Set<(phase: ConnectionPhase) => void>();
  const pushListeners = new Map<PushName, Set<(value: unknown) => void>>();
  let sequence = freshSequence;

  const announceGap = (): void => {
    for (const listener of [...gapListeners]) listener();
  };

  return {
    kind: transport.kind,
    signIn: transport.signIn,
    session: transport.session,

    async call(name, input) {
      const reply = await transport.request(name, input);
      if (!reply.ok) throw new AppError(reply.error.code, reply.error.message, reply.error.details);
      // Sound because `contract[name].output` is the schema that `Output<name>` is derived from.
      const output = contract[name].output.safeParse(reply.value);
      if (!output.success) {
        const issue = output.error.issues[0];
        const where = issue === undefined ? '' : ` (${issue.path.join('.') || 'value'}: ${issue.message})`;
        throw new AppError(
          'internal',
          `The response to ${name} is not in the expected format${where}. Reload the window.`,
        );
      }
      return output.data as Output<typeof name>;
    },

    onPush(name, listener) {
      const set = pushListeners.get(name) ?? new Set();
      pushListeners.set(name, set);
      const schema = pushes[name];
      const receive = (raw: unknown): void => {
        const parsed = schema.safeParse(raw);
        if (parsed.success) listener(parsed.data as PushValue<typeof name>);
        else announceGap();
      };
      set.add(receive);
      return () => set.delete(receive);
    },

    onGap(listener) {
      gapListeners.add(listener);
      return () => gapListeners.delete(listener);
    },

    onPhase(listener) {
      phaseListeners.add(listener);
      return () => phaseListeners.delete(listener);
    },

    start() {
      return transport.listen({
        push(envelope) {
          const next = advanceSequence(sequence, envelope);
          sequence = next.state;
          // The gap first: a refetch that starts now sees everything this push carries.
          if (next.gap) announceGap();
          if (!isPushName(envelope.name)) return;
          for (const listener of [...(pushListeners.get(envelope.name) ?? [])]) listener(envelope.value);
        },
        phase(phase) {
          for (const listener of [...phaseListeners]) listener(phase);
        },
        reconnected() {
          sequence = freshSequence;
          announceGap();
        },
      });
    },
  };
}
