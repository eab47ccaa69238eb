import {
  type DesktopCallName,
  type DesktopInput,
  type DesktopMessage,
  type DesktopOutput,
  desktopCalls,
  desktopMessageSchema,
} from '../../shared/contract/desktop.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { type Bridge, bridgeTransport } from './bridge-transport.ts';

/** What the desktop app answers itself, whichever connection the window shows. */
export interface DesktopClient {
  /** Throws AppError. */
  call<N extends DesktopCallName>(name: N, input: DesktopInput<N>): Promise<DesktopOutput<N>>;
  onMessage(listener: (message: DesktopMessage) => void): () => void;
}

export function createDesktopClient(bridge: Bridge): DesktopClient {
  const { request } = bridgeTransport(bridge);
  return {
    async call(name, input) {
      const reply = await request(name, input);
      if (!reply.ok) throw new AppError(reply.error.code, reply.error.message, reply.error.details);
      const output = desktopCalls[name].output.safeParse(reply.value);
      if (!output.success) throw new AppError('internal', `The app sent an unreadable response to ${name}.`);
      // Sound because `desktopCalls[name].output` is the schema that the output's type is derived from.
      return output.data as DesktopOutput<typeof name>;
    },
    onMessage: (listener) =>
      bridge.onMessage((raw) => {
        const message = desktopMessageSchema.safeParse(raw);
        if (message.success) listener(message.data);
      }),
  };
}
