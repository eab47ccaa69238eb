import { create } from 'zustand';
import { type ConnectionPhase, client } from '../../client/index.ts';

export interface ConnectionState {
  phase: ConnectionPhase;
  /** When this phase began, epoch ms. */
  sinceMs: number;
  /** A session has been open in this window: what is on show stays on show when the line drops. */
  hasConnected: boolean;
}

export const initialConnection: ConnectionState = { phase: 'connecting', sinceMs: 0, hasConnected: false };

export function enterPhase(state: ConnectionState, phase: ConnectionPhase, nowMs: number): ConnectionState {
  if (state.phase === phase) return state;
  return { phase, sinceMs: nowMs, hasConnected: state.hasConnected || phase === 'connected' };
}

export const useConnection = create<ConnectionState>(() => initialConnection);

export const followConnection = (): (() => void) =>
  client.onPhase((phase) => useConnection.setState((state) => enterPhase(state, phase, Date.now())));
