import { Button } from '@mantine/core';
import { useState } from 'react';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { type HttpAnswer, printAnswer, printBody, readHttpAnswer, timingParts } from '../../model/runs/http-answer.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { DiffView } from '../../ui/code/diff-view.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { KeyValueTable } from '../../ui/tables/key-value-table.tsx';
import { Mono } from '../../ui/text/mono.tsx';
import { VisibleText } from '../../ui/text/visible-text.tsx';
import classes from './answer-view.module.css';

interface AnswerViewProps {
  runId: string;
  job: string;
  answer: HttpAnswer;
}

/** What a destination answered: status, headers, body and what the time went into; beside the answer before it. */
export function AnswerView({ runId, job, answer }: AnswerViewProps) {
  const { status, url, address, headers, encoding, truncated } = answer;
  const body = printBody(answer);
  return (
    <section className={classes.view} aria-label="Answer">
      <p className={classes.line}>
        <ToneBadge tone={status >= 200 && status < 300 ? 'green' : 'red'}>{status}</ToneBadge>
        <Mono>{url}</Mono>
        <span className={classes.dim}>{address}</span>
      </p>
      <Timing timing={answer.timing} />
      <Previous runId={runId} job={job} answer={answer} />
      <h3 className={classes.title}>Headers</h3>
      <KeyValueTable
        rows={Object.entries(headers).map(([name, value]) => ({
          key: name,
          value: (
            <Mono>
              <VisibleText text={value} />
            </Mono>
          ),
          copy: value,
        }))}
      />
      <h3 className={classes.title}>
        Body
        {encoding !== undefined && <span className={classes.dim}> as base64</span>}
        {truncated === true && <span className={classes.dim}> first 64 KiB</span>}
      </h3>
      {body === '' ? <p className={classes.dim}>Empty</p> : <CodeBlock text={body} />}
    </section>
  );
}

function Timing({ timing }: { timing: HttpAnswer['timing'] }) {
  const parts = timingParts(timing);
  const totalMs = Math.max(timing.totalMs, 0.1);
  return (
    <dl className={classes.timing} aria-label="Timing">
      {parts.map(({ name, fromMs, ms }) => (
        <div key={name} className={classes.part}>
          <dt>{name}</dt>
          <dd>
            <span className={classes.track} aria-hidden>
              <span
                className={classes.bar}
                style={{ marginLeft: `${(fromMs / totalMs) * 100}%`, width: `${Math.max(0.5, (ms / totalMs) * 100)}%` }}
              />
            </span>
            <span className={classes.ms}>{ms} ms</span>
          </dd>
        </div>
      ))}
      <div className={classes.part}>
        <dt>Total</dt>
        <dd>
          <span className={classes.track} aria-hidden />
          <span className={classes.ms}>{timing.totalMs} ms</span>
        </dd>
      </div>
    </dl>
  );
}

/** The answer that the same destination gave before this one, among its latest. */
function Previous({ runId, job, answer }: AnswerViewProps) {
  const [isOpen, setOpen] = useState(false);
  const destination = useCall('destinations.get', isOpen ? { job } : null);
  const sent = destination.value?.sent ?? [];
  const at = sent.findIndex((one) => one.runId === runId);
  const previous = at < 0 ? undefined : sent.slice(at + 1).find((one) => one.status !== null);
  const run = useCall('runs.get', previous === undefined ? null : { id: previous.runId });
  const before = run.value === undefined ? null : readHttpAnswer(run.value.outcome);
  const after = printAnswer(answer);
  return (
    <>
      <p>
        <Button variant="default" size="compact-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Compare with previous answer
        </Button>
      </p>
      <InlineError error={destination.error ?? run.error} />
      {isOpen && destination.value !== undefined && previous === undefined && (
        <p className={classes.dim}>No previous answer.</p>
      )}
      {before !== null && previous !== undefined && (
        <>
          <p className={classes.line}>
            <a href={hrefOf(paths.run(previous.runId))}>Previous answer</a>
            <span className={classes.dim}>
              {before.status}, {before.timing.totalMs} ms
            </span>
          </p>
          {printAnswer(before) === after ? (
            <p className={classes.dim}>Both answers are the same.</p>
          ) : (
            <DiffView before={printAnswer(before)} after={after} label="Answer, before and now" />
          )}
        </>
      )}
    </>
  );
}
