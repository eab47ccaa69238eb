import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Destination } from '../../../shared/contract/destinations.ts';
import { signsOf, takesSeveralSecrets } from '../../../shared/contract/http-jobs.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { readHttpAnswer } from '../../model/runs/http-answer.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { type KeyValueRow, KeyValueTable } from '../../ui/tables/key-value-table.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { Mono } from '../../ui/text/mono.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { VisibleText } from '../../ui/text/visible-text.tsx';
import { PermittedButton } from '../access/permitted-button.tsx';
import { useIsReadOnly } from '../definition/definition-pane.tsx';
import { AnswerView } from '../run/answer-view.tsx';
import { stateText } from './destination-state.ts';
import classes from './destination-view.module.css';
import { LatencyChart } from './latency-bars.tsx';
import { RecoverForm } from './recover-form.tsx';

type Action = 'pause' | 'resume' | 'verify' | 'rotate' | 'test' | { since: string };

/** Where a job of the kind http sends: its state, its latest requests and answer, and what can be done about them. */
export function DestinationView({ job }: { job: string }) {
  const got = useCall('destinations.get', { job }, { reloadOn: ['jobs.changed', 'runs.changed'] });
  const spec = useCatalog((state) => state.jobs).find((one) => one.slug === job);
  const isReadOnly = useIsReadOnly(spec?.owner ?? 'builtin');
  const canRotate = !isReadOnly && spec?.kind === 'http' && signsOf(spec.sign).some(takesSeveralSecrets);
  const [said, setSaid] = useState<string | null>(null);
  const [testRun, setTestRun] = useState<string | null>(null);
  // A second rotation drops the secret that the receiver may still have.
  const [isRotating, setRotating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const act = useAction(async (action: Action) => {
    setSaid(null);
    if (action === 'pause') got.setValue(await call('destinations.pause', { job }));
    else if (action === 'resume') got.setValue(await call('destinations.resume', { job }));
    else if (action === 'verify') {
      const { destination, problem } = await call('destinations.verify', { job });
      got.setValue(destination);
      setSaid(problem ?? 'Verified.');
    } else if (action === 'rotate') {
      setSecret((await call('destinations.rotateSecret', { job })).value);
      setRotating(false);
    } else if (action === 'test') {
      const event = { type: 'destination.test', payload: { test: true, destination: job } };
      setTestRun((await call('jobs.testRun', { slug: job, event })).runId);
    } else {
      const { destination, retried } = await call('destinations.recover', { job, since: action.since });
      got.setValue(destination);
      setSaid(retried === 1 ? 'Sending 1 run again.' : `Sending ${retried} runs again.`);
    }
  });
  const destination = got.value;
  if (destination === undefined) {
    return got.error === null ? (
      <LoadingRows rows={6} />
    ) : (
      <ErrorState error={got.error} title="The destination could not be loaded" onRetry={got.reload} />
    );
  }
  const answered = destination.sent.find((one) => one.status !== null);
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
        <PermittedButton needs="define" variant="default" loading={act.busy} onClick={() => void act.run('test')}>
          Send a test
        </PermittedButton>
        {destination.state !== 'active' && (
          <PermittedButton needs="operate" variant="default" loading={act.busy} onClick={() => void act.run('verify')}>
            Verify
          </PermittedButton>
        )}
        {canRotate && !isRotating && (
          <PermittedButton needs="administer" variant="default" onClick={() => setRotating(true)}>
            Rotate secret
          </PermittedButton>
        )}
      </div>
      {isRotating && (
        <div>
          <p className={classes.question}>
            Requests will be signed with a new secret and the current one. Any older secret is removed from the job.
          </p>
          <div className={classes.actions}>
            <PermittedButton needs="administer" loading={act.busy} onClick={() => void act.run('rotate')}>
              Create secret
            </PermittedButton>
            <Button variant="subtle" color="gray" autoFocus onClick={() => setRotating(false)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
      <RecoverForm busy={act.busy} onRecover={(since) => void act.run({ since })} />
      <InlineError error={act.error} />
      {said !== null && <p role="status">{said}</p>}
      {testRun !== null && (
        <p role="status">
          Test event queued: <a href={hrefOf(paths.run(testRun))}>test run</a>
        </p>
      )}
      {secret !== null && (
        <p role="status">
          New secret for the receiver, shown once: <Mono>{secret}</Mono>{' '}
          <CopyButton text={secret} title="Copy secret" />
        </p>
      )}
      <LatencyChart sent={destination.sent} />
      {answered !== undefined && <LastAnswer job={job} runId={answered.runId} />}
    </section>
  );
}

function LastAnswer({ job, runId }: { job: string; runId: string }) {
  const run = useCall('runs.get', { id: runId }, { keep: true });
  const answer = run.value === undefined ? null : readHttpAnswer(run.value.outcome);
  if (answer === null) return null;
  return (
    <>
      <h3 className={classes.title}>Last answer</h3>
      <AnswerView key={run.value?.id} job={job} runId={run.value?.id ?? runId} answer={answer} />
    </>
  );
}

function rowsOf(destination: Destination): KeyValueRow[] {
  const { url, reason, failingSince, heldUntil, backlog, sent } = destination;
  const [last] = sent;
  const { waiting, running, scheduled } = backlog;
  return [
    { key: 'URL', value: <Mono>{url}</Mono>, copy: url },
    { key: 'State', value: `${stateText(destination)}${reason === null ? '' : `: ${reason}`}` },
    { key: 'Backlog', value: `${waiting} waiting, ${running} sending, ${scheduled} scheduled` },
    ...(failingSince === null ? [] : [{ key: 'Failing since', value: <TimeAgo at={failingSince} /> }]),
    ...(heldUntil === null ? [] : [{ key: 'Next request', value: <TimeAgo at={heldUntil} /> }]),
    {
      key: 'Last request',
      value:
        last === undefined ? (
          'None yet'
        ) : (
          <a href={hrefOf(paths.run(last.runId))}>
            {last.status ?? 'No answer'}, <TimeAgo at={last.at} />
          </a>
        ),
    },
    ...(last === undefined || last.error === null ? [] : [{ key: 'Error', value: <VisibleText text={last.error} /> }]),
  ];
}
