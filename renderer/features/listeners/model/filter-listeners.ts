import type { Listener } from '../../../../shared/contract/listeners.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';
import { describeConditions } from './describe-conditions.ts';

/** Every word must stand somewhere in what the row shows. */
export function filterListeners(listeners: readonly Listener[], text: string): readonly Listener[] {
  if (text.trim() === '') return listeners;
  return listeners.filter((listener) =>
    matchesWords(text, [
      listener.name,
      listener.slug,
      listener.source ?? '',
      ...listener.type,
      listener.job,
      listener.state,
      describeConditions(listener.where),
    ]),
  );
}

/** Active ones first, then disabled, then deleted; each by name. */
export function sortListeners(listeners: readonly Listener[]): Listener[] {
  const rank = { active: 0, disabled: 1, deleted: 2 } as const;
  return [...listeners].sort((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name, 'en'));
}

export interface ListenerLamp {
  tone: 'green' | 'amber' | 'red' | 'grey';
  lit: boolean;
  label: string;
}

export function lampOf(listener: Listener): ListenerLamp {
  if (listener.state === 'deleted') return { tone: 'grey', lit: false, label: 'deleted' };
  if (listener.problem !== null) return { tone: 'red', lit: true, label: listener.problem };
  return listener.state === 'active'
    ? { tone: 'green', lit: true, label: 'active' }
    : { tone: 'grey', lit: false, label: 'disabled' };
}
