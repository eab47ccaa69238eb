import type { Destination } from '../../../shared/contract/destinations.ts';

const states: Record<Destination['state'], string> = {
  pending_verification: 'Pending verification',
  active: 'Active',
  inactive: 'Inactive',
};

type Standing = Pick<Destination, 'state' | 'isPaused'>;

export const stateText = ({ state, isPaused }: Standing): string => `${states[state]}${isPaused ? ', paused' : ''}`;

export interface DestinationLamp {
  tone: 'red' | 'amber' | 'green' | 'grey';
  lit: boolean;
  label: string;
}

export function lampOf({ sent, failingSince, heldUntil, ...standing }: Omit<Destination, 'backlog'>): DestinationLamp {
  const label = stateText(standing);
  if (standing.state === 'inactive') return { tone: 'red', lit: true, label };
  if (standing.state === 'pending_verification' || standing.isPaused) return { tone: 'amber', lit: true, label };
  const [last] = sent;
  if (last === undefined) return { tone: 'grey', lit: false, label: 'Nothing sent yet' };
  if (failingSince !== null || heldUntil !== null || last.error !== null)
    return { tone: 'red', lit: true, label: last.error ?? 'Failing' };
  return { tone: 'green', lit: true, label };
}
