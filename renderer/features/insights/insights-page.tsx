import { useState } from 'react';
import type { PushName } from '../../client/index.ts';
import { type Period, PeriodPicker, periods } from '../../domain/time/period-picker.tsx';
import { statisticsDelayMs, useCall } from '../../model/calls/use-call.ts';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { AnswersCard } from './answers-card.tsx';
import { EventsCard } from './events-card.tsx';
import { FailingCard } from './failing-card.tsx';
import classes from './insights.module.css';
import { QueueCard } from './queue-card.tsx';
import { RunsCard } from './runs-card.tsx';
import { SlowCard } from './slow-card.tsx';
import { SourcesCard } from './sources-card.tsx';
import { StorageCard } from './storage-card.tsx';

const freshness = (reloadOn: readonly PushName[]) => ({ reloadOn, keep: true, reloadDelayMs: statisticsDelayMs });

/** How the app does as a whole: what comes in, what fails, what is slow or silent, and how long there is room. */
export function InsightsPage() {
  const [period, setPeriod] = useState<Period>(periods[0]);
  const readings = useCall(
    'insights.readings',
    { hours: period.hours },
    freshness(['deliveries.added', 'runs.changed']),
  );
  const ranking = useCall('insights.runs', { hours: period.hours }, freshness(['runs.changed']));
  return (
    <AppPage title="Insights" toolbar={<PeriodPicker period={period} onChange={setPeriod} />}>
      <div className={classes.page}>
        <div className={classes.cards}>
          <div className={classes.column}>
            <EventsCard period={period} />
            <FailingCard period={period} ranking={ranking} />
            <SourcesCard />
            <AnswersCard period={period} readings={readings} />
          </div>
          <div className={classes.column}>
            <RunsCard period={period} />
            <SlowCard period={period} ranking={ranking} />
            <QueueCard period={period} readings={readings} />
            <StorageCard period={period} readings={readings} />
          </div>
        </div>
      </div>
    </AppPage>
  );
}
