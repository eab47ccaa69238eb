import { useState } from 'react';
import type { Destination } from '../../../../shared/contract/destinations.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { type KeyValueRow, KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import classes from './destination-view.module.css';

const states: Record<Destination['state'], string> = {
  pending_verification: 'Pending verification',
  active: 'Active',
  inactive: 'Inactive',
};

const dayMs = 86_400_000;
/** What a recovery goes back to. */
const recoveredDays = 5;

/** Where a job of the kind http sends: its state, its latest requests, and what can be done about them. */
export function DestinationView({ job, canRotate }: { job: string; canRotate: boolean }) {
  const got = useCall('destinations.get', { job }, { reloadOn: ['jobs.changed', 'runs.changed'] });
  const [said, setSaid] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const act = useAction(async (action: 'pause' | 'resume' | 'verify' | 'recover' | 'rotate') => {
    setSaid(null);
    if (action === 'pause') got.setValue(await call('destinations.pause', { job }));
    else if (action === 'resume') got.setValue(await call('destinations.resume', { job }));
    else if (action === 'verify') {
      const { destination, problem } = await call('destinations.verify', { job });
      got.setValue(destination);
      setSaid(problem ?? 'Verified.');
    } else if (action === 'recover') {
      const since = new Date(Date.now() - recoveredDays * dayMs).toISOString();
      const { destination, retried } = await call('destinations.recover', { job, since });
      got.setValue(destination);
      setSaid(retried === 1 ? '1 run is sent again.' : `${retried} runs are sent again.`);
    } else setSecret((await call('destinations.rotateSecret', { job })).value);
  });
  const destination = got.value;
  if (destination === undefined) {
    return got.error === null ? (
      <LoadingRows rows={6} />
    ) : (
      <ErrorState error={got.error} title="The destination could not be loaded" onRetry={got.reload} />
    );
  }
  return (
    <section className={classes.view} aria-label="Destination">
      <KeyValueTable rows={rowsOf(destination)} />
      <div className={classes.actions}>
        <PermittedButton
          needs="operate"
          variant="default"
          loading={act.busy}
          onClick={() => void act.run(destination.isPaused ? 'resume' : 'pause')}
        >
          {destination.isPaused ? 'Resume' : 'Pause'}
        </PermittedButton>
        <PermittedButton needs="operate" variant="default" loading={act.busy} onClick={() => void act.run('recover')}>
          Recover last 5 days
        </PermittedButton>
        {destination.state !== 'active' && (
          <PermittedButton needs="operate" variant="default" loading={act.busy} onClick={() => void act.run('verify')}>
            Verify
          </PermittedButton>
        )}
        {canRotate && (
          <PermittedButton
            needs="administer"
            variant="default"
            loading={act.busy}
            onClick={() => void act.run('rotate')}
          >
            Rotate secret
          </PermittedButton>
        )}
      </div>
      <InlineError error={act.error} />
      {said !== null && <p role="status">{said}</p>}
      {secret !== null && (
        <p role="status">
          New secret for the receiver, shown once: <Mono>{secret}</Mono>{' '}
          <CopyButton text={secret} title="Copy secret" />
        </p>
      )}
      <Latency sent={destination.sent} />
    </section>
  );
}

function rowsOf({ state, reason, isPaused, failingSince, heldUntil, backlog, sent }: Destination): KeyValueRow[] {
  const [last] = sent;
  const { waiting, running, scheduled } = backlog;
  return [
    { key: 'State', value: `${states[state]}${isPaused ? ', paused' : ''}${reason === null ? '' : `: ${reason}`}` },
    { key: 'Backlog', value: `${waiting} waiting, ${running} sending, ${scheduled} scheduled` },
    ...(failingSince === null ? [] : [{ key: 'Failing since', value: <TimeAgo at={failingSince} /> }]),
    ...(heldUntil === null ? [] : [{ key: 'Next try of the host', value: <TimeAgo at={heldUntil} /> }]),
    {
      key: 'Last answer',
      value:
        last === undefined ? (
          'None yet'
        ) : (
          <a href={hrefOf(paths.run(last.runId))}>
            {last.status ?? 'No answer'} <TimeAgo at={last.at} />
          </a>
        ),
    },
  ];
}

/** Oldest left; a bar a request, as high as it took long. */
function Latency({ sent }: { sent: Destination['sent'] }) {
  const timed = sent.filter((one) => one.totalMs !== null).reverse();
  if (timed.length === 0) return null;
  const longestMs = Math.max(...timed.map((one) => one.totalMs ?? 0), 1);
  return (
    <figure className={classes.latency}>
      <figcaption>
        Duration of the last {timed.length} requests, up to {longestMs} ms
      </figcaption>
      <div className={classes.bars} aria-hidden>
        {timed.map((one) => (
          <span
            key={`${one.runId}-${one.at}`}
            data-failed={one.error !== null}
            style={{ height: `${Math.max(4, ((one.totalMs ?? 0) / longestMs) * 100)}%` }}
            title={`${one.status ?? ''} ${one.totalMs} ms`}
          />
        ))}
      </div>
    </figure>
  );
}
