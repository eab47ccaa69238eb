import { z } from 'zod';
import { desktopMessageSchema, desktopStateSchema } from '../../shared/contract/desktop.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { pushEnvelopeSchema } from '../../shared/contract/pushes.ts';
import { type Reply, replySchema } from '../../shared/contract/reply.ts';
import type { Transport } from './transport.ts';

/** What the preload puts on `window.signalbox`. */
export interface Bridge {
  call(name: string, input: unknown): Promise<unknown>;
  onPush(listener: (envelope: unknown) => void): () => void;
  /** What the app tells its window beside pushes. */
  onMessage(listener: (message: unknown) => void): () => void;
}

type AnyFunction = (...args: unknown[]) => unknown;
const functionSchema = z.custom<AnyFunction>((value) => typeof value === 'function');
const bridgeSchema = z.object({ call: functionSchema, onPush: functionSchema, onMessage: functionSchema.optional() });

const follow = (subscribe: AnyFunction, listener: (value: unknown) => void): (() => void) => {
  const stop = subscribe(listener);
  return () => {
    if (typeof stop === 'function') stop();
  };
};

/** The bridge when this page runs in the desktop window, else null. */
export function findBridge(scope: unknown): Bridge | null {
  const parsed = z.object({ signalbox: bridgeSchema }).safeParse(scope);
  if (!parsed.success) return null;
  const { call, onPush, onMessage } = parsed.data.signalbox;
  return {
    call: async (name, input) => call(name, input),
    onPush: (listener) => follow(onPush, listener),
    onMessage: (listener) => (onMessage === undefined ? () => undefined : follow(onMessage, listener)),
  };
}

/** `isRemote`: the window shows a server, whose line may be down; the app tells how it stands. */
export function bridgeTransport(bridge: Bridge, isRemote = false): Transport {
  return {
    kind: 'ipc',
    signIn: null,
    session: null,
    async request(name, input): Promise<Reply> {
      let raw: unknown;
      try {
        raw = await bridge.call(name, input);
      } catch {
        throw new AppError('unavailable', 'The app did not respond. It may be shutting down; try again in a moment.');
      }
      const reply = replySchema.safeParse(raw);
      if (!reply.success) throw new AppError('internal', `The app sent an unreadable response to ${name}.`);
      return reply.data;
    },
    listen(events) {
      events.phase(isRemote ? 'connecting' : 'connected');
      const stopPhases = bridge.onMessage((raw) => {
        const message = desktopMessageSchema.safeParse(raw);
        if (message.success && message.data.type === 'state') events.phase(message.data.state.phase);
      });
      // Rejected by what is no desktop app, such as a test: the line is then as it was said to be.
      bridge.call('desktop.state', {}).then(
        (raw) => {
          const reply = replySchema.safeParse(raw);
          const state = desktopStateSchema.safeParse(reply.success && reply.data.ok ? reply.data.value : undefined);
          if (state.success) events.phase(state.data.phase);
        },
        () => undefined,
      );
      const stopPushes = bridge.onPush((raw) => {
        const envelope = pushEnvelopeSchema.safeParse(raw);
        // An unreadable push is as good as a lost one: everything on show is fetched again.
        if (envelope.success) events.push(envelope.data);
        else events.reconnected();
      });
      return () => {
        stopPhases();
        stopPushes();
      };
    },
  };
}
