import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../../../shared/contract/jobs.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { PaneBody } from '../../../domain/definition/definition-pane.tsx';
import { EventSelect } from '../../../domain/event/event-select.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { JsonEditor } from '../../../ui/code/json-editor.tsx';
import { readJson } from '../../../ui/code/read-json.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { FormRow } from '../../../ui/forms/form-layout.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import classes from '../jobs.module.css';
import { JobTestRun } from './job-test-run.tsx';

interface JobTestProps {
  job: Job;
  eventId: string | null;
  hasUnsaved: boolean;
}

/** Runs the saved job for real, for a stored event or one written here. */
export function JobTest({ job, eventId, hasUnsaved }: JobTestProps) {
  const [from, setFrom] = useState<'stored' | 'written'>('stored');
  const [chosen, setChosen] = useState<string | null>(eventId);
  const [type, setType] = useState('test.event');
  const [payload, setPayload] = useState('{\n  "hello": "world"\n}');
  const [runId, setRunId] = useState<string | null>(null);
  const event = useCall('events.get', chosen === null ? null : { id: chosen });
  const read = readJson(payload);

  const start = useAction(async () => {
    if (from === 'stored' && chosen !== null) {
      setRunId((await call('jobs.testRun', { slug: job.slug, eventId: chosen })).runId);
    } else if (from === 'written' && read.ok) {
      setRunId((await call('jobs.testRun', { slug: job.slug, event: { type, payload: read.json } })).runId);
    }
  });
  const canStart = from === 'stored' ? chosen !== null : read.ok && type.trim() !== '';

  return (
    <PaneBody>
      <FormRow label="Event" hint="Runs the job for real, with all its effects. The run is kept and marked as a test.">
        <div className={classes.testEvent}>
          <SegmentedControl
            aria-label="Event"
            data={[
              { value: 'stored', label: 'Stored event' },
              { value: 'written', label: 'Custom event' },
            ]}
            value={from}
            onChange={(value) => setFrom(value === 'written' ? 'written' : 'stored')}
          />
          {from === 'stored' ? (
            <EventSelect label="Stored event" value={chosen} onChange={setChosen} extra={event.value} />
          ) : (
            <TextInput
              aria-label="Event type"
              classNames={monoInput}
              value={type}
              onChange={(change) => setType(change.currentTarget.value)}
            />
          )}
        </div>
        {from === 'written' && (
          <div className={classes.testPayload}>
            <JsonEditor label="Payload" value={payload} onChange={setPayload} height="140px" />
          </div>
        )}
      </FormRow>
      <FormRow label="">
        <div className={classes.testStart}>
          <PermittedButton needs="define" disabled={!canStart} loading={start.busy} onClick={() => void start.run()}>
            {runId === null ? 'Run test' : 'Run again'}
          </PermittedButton>
          {hasUnsaved && <span className={classes.quiet}>Runs the saved job, without your unsaved changes.</span>}
        </div>
        <InlineError error={start.error} />
      </FormRow>
      {runId !== null && <JobTestRun key={runId} id={runId} />}
    </PaneBody>
  );
}
