import type { Failure, FailureState } from '../../../shared/contract/failures.ts';
import { Lamp, type Tone } from '../../ui/feedback/lamp.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';

export const failureWords: Record<FailureState, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
};

const tones: Record<FailureState, Tone> = { open: 'red', acknowledged: 'grey', snoozed: 'amber', resolved: 'green' };

export const FailureLamp = ({ state }: { state: FailureState }) => (
  <Lamp tone={tones[state]} lit={state === 'open' || state === 'resolved'} />
);

/** Its state; a regression says so, as it was thought to be over. */
export function FailureBadge({ failure }: { failure: Pick<Failure, 'state' | 'regressions'> }) {
  return (
    <>
      <ToneBadge tone={tones[failure.state]}>{failureWords[failure.state]}</ToneBadge>
      {failure.state === 'open' && failure.regressions > 0 && <ToneBadge tone="amber">Regression</ToneBadge>}
    </>
  );
}
