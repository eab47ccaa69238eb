import type { PushEnvelope } from './pushes.ts';
import type { Reply } from './reply.ts';

/** What the desktop's preload puts at `window.signalbox`; absent in a browser. */
export interface Bridge {
  call(name: string, input: unknown): Promise<Reply>;
  /** Gives the way to stop listening. */
  onPush(listener: (envelope: PushEnvelope) => void): () => void;
}
