import { useState } from 'react';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import { RunStatistics } from '../../../domain/run/run-activity.tsx';
import { type Period, PeriodPicker, periods } from '../../../domain/time/period-picker.tsx';
import { Overview } from '../../../ui/charts/fact-list.tsx';
import { ListenerClauses } from './listener-clauses.tsx';
import { ListenerMatches } from './listener-matches.tsx';

/** What a listener matched, what the other events fail on, and how its runs went. */
export function ListenerActivity({ listener }: { listener: Listener }) {
  const [period, setPeriod] = useState<Period>(periods[0]);
  return (
    <Overview>
      <PeriodPicker period={period} onChange={setPeriod} />
      <ListenerMatches listener={listener} period={period} />
      <ListenerClauses listener={listener} period={period} />
      <RunStatistics job={listener.job} listener={listener.slug} period={period} />
    </Overview>
  );
}
