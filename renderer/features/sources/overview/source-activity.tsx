import { useState } from 'react';
import type { Source } from '../../../../shared/contract/sources.ts';
import type { SourceStatistics } from '../../../../shared/contract/statistics.ts';
import { call } from '../../../client/index.ts';
import { type Period, PeriodPicker, periods, withDrawnTime } from '../../../domain/time/period-picker.tsx';
import { SourceRhythmText } from '../../../domain/time/source-rhythm-text.tsx';
import { countOf, type Part, TimeBars } from '../../../domain/time/time-bars.tsx';
import { navigate } from '../../../model/app/navigation.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { statisticsDelayMs, useCall } from '../../../model/calls/use-call.ts';
import { useHistogram } from '../../../model/calls/use-histogram.ts';
import { Fact, FactList, Overview, OverviewNote, OverviewSection } from '../../../ui/charts/fact-list.tsx';
import { ShareBars } from '../../../ui/charts/share-bars.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { formatCount, formatPercent } from '../../../ui/text/format.ts';

const part = (name: string, tone: Part['tone'], key: string): Part => ({ name, tone, of: countOf(key) });

const parts: readonly Part[] = [
  part('accepted', 'green', 'accepted'),
  part('repeated', 'grey', 'duplicate'),
  part('refused', 'amber', 'refused'),
  part('address checks', 'blue', 'tried'),
];

/** What a source received over time, what was refused and why, and whether it has gone silent. */
export function SourceActivity({ source }: { source: Source }) {
  const { slug } = source;
  const [period, setPeriod] = useState<Period>(periods[0]);
  const query = `after:${period.term}`;
  const got = useCall(
    'sources.statistics',
    { slug, hours: period.hours },
    { reloadOn: ['deliveries.added'], keep: true, reloadDelayMs: statisticsDelayMs },
  );
  const histogram = useHistogram(
    `${slug} ${query}`,
    (cursor) => call('deliveries.histogram', { source: slug, query, buckets: 60, cursor }),
    ['deliveries.added'],
  );
  const { value } = got;
  return (
    <Overview>
      <PeriodPicker period={period} onChange={setPeriod} />
      {got.error !== null ? (
        <ErrorState error={got.error} onRetry={got.reload} />
      ) : (
        <OverviewSection title="Deliveries" note={value && <SourceRhythmText rhythm={value.rhythm} />}>
          <TimeBars
            label="Deliveries over time"
            noun="delivery"
            histogram={histogram.value}
            error={histogram.error}
            parts={parts}
            onSelect={(fromMs, toMs) => navigate(paths.deliveries(slug, { query: withDrawnTime('', fromMs, toMs) }))}
          />
          {value !== undefined && <Counts slug={slug} query={query} value={value} />}
        </OverviewSection>
      )}
      {value !== undefined && value.reasons.length > 0 && (
        <OverviewSection title="Refused" note="the latest 200 are kept">
          <ShareBars
            label="Reasons of refusal"
            tone="amber"
            bars={value.reasons.map(({ code, message, count }) => ({
              key: code,
              name: <code>{code}</code>,
              href: hrefOf(paths.deliveries(slug, { result: 'refused', query: `${query} ${code}` })),
              share: count / Math.max(1, value.refused),
              value: formatCount(count),
              note: <span title={message}>{message}</span>,
            }))}
          />
        </OverviewSection>
      )}
      {value !== undefined && value.verification.events > 0 && (
        <OverviewSection title="Verification">
          <OverviewNote>{verificationText(value.verification)}</OverviewNote>
        </OverviewSection>
      )}
    </Overview>
  );
}

function Counts({ slug, query, value }: { slug: string; query: string; value: SourceStatistics }) {
  const href = (result: string): string => hrefOf(paths.deliveries(slug, { result, query }));
  const share = (count: number) => (value.total === 0 ? undefined : formatPercent(count / value.total));
  return (
    <FactList>
      <Fact name="Accepted" href={href('accepted')} note={share(value.accepted)}>
        {formatCount(value.accepted)}
      </Fact>
      <Fact name="Repeated" href={href('duplicate')} note={share(value.duplicate)}>
        {formatCount(value.duplicate)}
      </Fact>
      <Fact
        name="Refused"
        href={href('refused')}
        note={share(value.refused)}
        {...(value.refused > 0 ? { tone: 'amber' as const } : {})}
      >
        {formatCount(value.refused)}
      </Fact>
      {value.tried > 0 && (
        <Fact name="Address checks" href={href('tried')}>
          {formatCount(value.tried)}
        </Fact>
      )}
    </FactList>
  );
}

function verificationText({ events, verified }: SourceStatistics['verification']): string {
  const all = `the latest ${formatCount(events)} ${events === 1 ? 'event' : 'events'}`;
  if (verified === 0) return `Of ${all}, none was verified: this source accepts deliveries without proof.`;
  return `Of ${all}, ${formatCount(verified)} (${formatPercent(verified / events)}) were verified. Deliveries that fail verification are refused.`;
}
