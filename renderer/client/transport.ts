import type { PushEnvelope } from '../../shared/contract/index.ts';
import type { Reply } from '../../shared/contract/reply.ts';
import type { SessionPort } from './session.ts';

/** How far the line to the app stands; `signed-out` needs the console token. */
export type ConnectionPhase = 'connecting' | 'connected' | 'reconnecting' | 'signed-out';

export interface TransportEvents {
  push: (envelope: PushEnvelope) => void;
  phase: (phase: ConnectionPhase) => void;
  /** A line that was down is up again: pushes were missed. */
  reconnected: () => void;
}

/** One way to the app. `request` rejects with an AppError when the app cannot be reached. */
export interface Transport {
  kind: 'ipc' | 'http';
  request(name: string, input: unknown): Promise<Reply>;
  listen(events: TransportEvents): () => void;
  /** Trades the console token for a session; null where nobody signs in. */
  signIn: ((token: string) => Promise<void>) | null;
  /** Signing in by name, and out; null where nobody signs in. */
  session: SessionPort | null;
}
