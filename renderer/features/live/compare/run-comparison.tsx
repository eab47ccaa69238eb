import type { EventDetail, EventItem } from '../../../../shared/contract/events.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { DiffView } from '../../../ui/code/diff-view.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { Duration } from '../../../ui/text/duration.tsx';
import { pairRuns } from '../model/pair-runs.ts';
import classes from './compare.module.css';

type EventRun = EventItem['runs'][number];

/** The runs of two events, by listener and job: how they ended, their outcome and output. */
export function RunComparison({ before, after }: { before: EventDetail; after: EventDetail }) {
  const pairs = pairRuns(before.runs, after.runs);
  if (pairs.length === 0) return <p className={classes.quiet}>Neither event has runs.</p>;
  return pairs.map(({ listener, job, a, b }) => (
    <section key={`${listener} ${job}`} className={classes.runs} aria-label={`Runs of ${job}`}>
      <h3 className={classes.runsTitle}>
        {job} <span className={classes.fact}>by {listener ?? 'a test'}</span>
      </h3>
      <div className={classes.pair}>
        <RunHead run={a} />
        <RunHead run={b} />
      </div>
      {a !== undefined && b !== undefined && <RunDifferences a={a.id} b={b.id} />}
    </section>
  ));
}

function RunHead({ run }: { run: EventRun | undefined }) {
  const detail = useCall('runs.get', run === undefined ? null : { id: run.id });
  if (run === undefined) return <p className={classes.quiet}>No run.</p>;
  const { value } = detail;
  return (
    <p className={classes.runHead}>
      <StateBadge state={value?.state ?? run.state} reason={value?.reason ?? null} />
      <a href={hrefOf(paths.run(run.id))}>Open run</a>
      <span className={classes.fact}>
        <Duration from={value?.startedAt ?? null} to={value?.finishedAt ?? null} />
      </span>
      {value !== undefined && value.error !== null && <span className={classes.error}>{value.error}</span>}
    </p>
  );
}

/** Lines of output that are compared. */
const maxLines = 5000;

function RunDifferences({ a, b }: { a: string; b: string }) {
  const runs = [useCall('runs.get', { id: a }), useCall('runs.get', { id: b })] as const;
  const outputs = [
    useCall('runs.output', { id: a, limit: maxLines }),
    useCall('runs.output', { id: b, limit: maxLines }),
  ] as const;
  const error = [...runs, ...outputs].find((one) => one.error !== null)?.error;
  if (error !== undefined && error !== null) return <InlineError error={error} />;
  const [outcomeA, outcomeB] = runs.map(({ value }) =>
    value === undefined ? undefined : value.outcome === null ? '' : stringifyExact(value.outcome, 2),
  );
  const [linesA, linesB] = outputs.map(({ value }) => value?.items.map(({ text }) => text).join('\n'));
  return (
    <>
      <TextComparison name="Outcome" before={outcomeA} after={outcomeB} />
      <TextComparison name="Output" before={linesA} after={linesB} />
    </>
  );
}

function TextComparison({
  name,
  before,
  after,
}: {
  name: string;
  before?: string | undefined;
  after?: string | undefined;
}) {
  if (before === undefined || after === undefined) return null;
  return (
    <div className={classes.text}>
      <h4 className={classes.textTitle}>{name}</h4>
      {before !== after ? (
        <DiffView before={before} after={after} label={`${name}, A and B`} />
      ) : (
        <p className={classes.quiet}>{before === '' ? `No ${name.toLowerCase()}.` : 'The same.'}</p>
      )}
    </div>
  );
}
