import type { DesktopMessage } from './desktop.ts';
import type { PushEnvelope } from './pushes.ts';
import type { Reply } from './reply.ts';

/** What the desktop's preload puts at `window.signalbox`; absent in a browser. */
export interface Bridge {
  /** A call of the contract, which the connection on show answers, or one of `desktopCalls`. */
  call(name: string, input: unknown): Promise<Reply>;
  /** Gives the way to stop listening. */
  onPush(listener: (envelope: PushEnvelope) => void): () => void;
  /** Gives the way to stop listening. */
  onMessage(listener: (message: DesktopMessage) => void): () => void;
}
