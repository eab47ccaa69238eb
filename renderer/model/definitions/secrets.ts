import { useEffect } from 'react';
import { create } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { type AppError, call, onGap, toAppError } from '../../client/index.ts';

export type StoredSecret = Output<'secrets.list'>['items'][number];

interface Secrets {
  phase: 'idle' | 'loading' | 'ready' | 'error';
  items: readonly StoredSecret[];
  error: AppError | null;
}

export const useSecrets = create<Secrets>(() => ({ phase: 'idle', items: [], error: null }));

export async function loadSecrets(): Promise<void> {
  useSecrets.setState((state) => ({ phase: state.phase === 'ready' ? 'ready' : 'loading' }));
  try {
    const { items } = await call('secrets.list', {});
    useSecrets.setState({ phase: 'ready', items, error: null });
  } catch (error) {
    useSecrets.setState((state) => ({
      phase: state.phase === 'ready' ? 'ready' : 'error',
      error: toAppError(error),
    }));
  }
}

/** Names of the stored secrets, fetched while somebody shows them. No push tells of them: others' changes are seen at the next visit. */
export function useStoredSecrets(): Secrets {
  useEffect(() => {
    void loadSecrets();
    return onGap(() => void loadSecrets());
  }, []);
  return useSecrets((state) => state);
}

export async function storeSecret(name: string, value: string): Promise<void> {
  await call('secrets.set', { name, value });
  await loadSecrets();
}

export async function removeSecret(name: string): Promise<void> {
  await call('secrets.remove', { name });
  await loadSecrets();
}
