import { Button, SegmentedControl } from '@mantine/core';
import type { BacktestSample } from '../../../../shared/contract/backtests.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import type { Backtest, SampleKind } from '../model/backtest-sum.ts';
import { type BacktestState, backtestWindows } from '../model/use-backtest.ts';
import classes from './backtest.module.css';

interface BacktestPanelProps {
  backtest: BacktestState;
  isSaved: boolean;
  isComplete: boolean;
  isStale: boolean;
  /** The event of the test above. */
  eventId: string | null;
  onChoose: (id: string) => void;
}

/** What the draft would have matched among stored events, beside the saved definition. */
export function BacktestPanel({ backtest, isSaved, isComplete, isStale, eventId, onChoose }: BacktestPanelProps) {
  const { value, phase } = backtest;
  const windowName = backtestWindows.find((one) => one.value === backtest.window)?.label ?? '';
  return (
    <section className={classes.panel} aria-label="On stored events">
      <h3 className={classes.title}>
        On stored events
        <SegmentedControl
          size="xs"
          aria-label="Time window"
          data={backtestWindows.map(({ value: of, label }) => ({ value: of, label }))}
          value={backtest.window}
          onChange={(next) => {
            const found = backtestWindows.find((one) => one.value === next);
            if (found !== undefined) backtest.setWindow(found.value);
          }}
        />
      </h3>
      <div className={classes.status}>
        {phase === 'running' ? (
          <>
            <progress
              className={classes.bar}
              aria-label={`Testing events of ${windowName}`}
              value={value?.progress ?? 0}
            />
            <Button size="compact-xs" variant="subtle" color="gray" onClick={backtest.stop}>
              Stop
            </Button>
          </>
        ) : phase === 'stopped' || phase === 'failed' ? (
          <>
            <span className={classes.note}>{value === null ? 'Stopped.' : <Partial value={value} />}</span>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={backtest.restart}>
              Test again
            </Button>
          </>
        ) : (
          <span className={classes.note}>
            {!isComplete
              ? 'Complete the conditions first.'
              : value !== null &&
                (value.tested === 0 ? 'No events of this source and type.' : <Tested value={value} />)}
          </span>
        )}
      </div>
      <InlineError error={backtest.error} />
      <dl className={classes.counts} data-stale={isStale} aria-live="polite">
        <Count label="Matched" count={value?.matched} isPartial={value?.isWhole === false} />
        {isSaved && (
          <>
            <Count label="Newly matched" count={value?.added} tone="added" isPartial={value?.isWhole === false} />
            <Count label="No longer matched" count={value?.lost} tone="lost" isPartial={value?.isWhole === false} />
          </>
        )}
      </dl>
      {value !== null && (
        <div className={classes.samples} data-stale={isStale}>
          <Samples kind="added" title={isSaved ? 'Newly matched' : 'Matched'} {...{ value, eventId, onChoose }} />
          <Samples kind="lost" title="No longer matched" {...{ value, eventId, onChoose }} />
          <Samples kind="kept" title="Matched as before" {...{ value, eventId, onChoose }} />
        </div>
      )}
    </section>
  );
}

const Tested = ({ value }: { value: Backtest }) => (
  <>
    {value.tested === 1 ? '1 event tested.' : `${formatCount(value.tested)} events tested.`}
    {value.unreadable > 0 && ` ${formatCount(value.unreadable)} damaged.`}
  </>
);

const Partial = ({ value }: { value: Backtest }) => (
  <>
    Partial: {formatCount(value.tested)} events tested
    {value.scannedTo !== null && (
      <>
        , back to <TimeAgo at={value.scannedTo} />
      </>
    )}
    .
  </>
);

interface CountProps {
  label: string;
  count: number | undefined;
  isPartial: boolean;
  tone?: SampleKind;
}

const Count = ({ label, count, isPartial, tone }: CountProps) => (
  <div className={classes.count} data-tone={count === 0 ? undefined : tone}>
    <dt>{label}</dt>
    <dd>{count === undefined ? '–' : `${formatCount(count)}${isPartial ? '+' : ''}`}</dd>
  </div>
);

interface SamplesProps {
  kind: SampleKind;
  title: string;
  value: Backtest;
  eventId: string | null;
  onChoose: (id: string) => void;
}

function Samples({ kind, title, value, eventId, onChoose }: SamplesProps) {
  const samples: readonly BacktestSample[] = value.samples[kind];
  const total = kind === 'kept' ? value.matched - value.added : value[kind];
  if (samples.length === 0) return null;
  return (
    <section className={classes.group} data-kind={kind} aria-label={title}>
      <h4 className={classes.groupTitle}>
        {title}
        {total > samples.length && <span className={classes.note}>newest {samples.length}</span>}
      </h4>
      <ul className={classes.list}>
        {samples.map((sample) => (
          <li key={sample.id} className={classes.sample} data-chosen={sample.id === eventId}>
            <button
              type="button"
              className={classes.choose}
              aria-pressed={sample.id === eventId}
              title="Test against this event"
              onClick={() => onChoose(sample.id)}
            >
              <span className={classes.type}>
                <VisibleText text={sample.type} />
              </span>
              <span className={classes.quiet}>{sample.source}</span>
              <span className={classes.age}>
                <TimeAgo at={sample.receivedAt} />
              </span>
            </button>
            <a href={hrefOf(paths.event(sample.id))} aria-label={`Open event ${sample.type}`}>
              Open
            </a>
            <a href={hrefOf(paths.eventWhy(sample.id))} aria-label={`Why, for event ${sample.type}`}>
              Why
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
