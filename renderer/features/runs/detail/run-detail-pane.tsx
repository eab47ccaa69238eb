import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { RunApprovalPanel } from '../../../domain/run/approval/run-approval-panel.tsx';
import { type CallState, useCall } from '../../../model/calls/use-call.ts';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { SegmentTabs, TabPanel } from '../../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { useOriginalRun } from '../model/original-run.ts';
import { RunOutputPane } from '../output/run-output-pane.tsx';
import classes from '../runs.module.css';
import { RunAnnotations } from './run-annotations.tsx';
import { RunAttempts } from './run-attempts.tsx';
import { RunCompare } from './run-compare.tsx';
import { RunEvent } from './run-event.tsx';
import { RunHeader } from './run-header.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { RunQuestions } from './run-questions.tsx';
import type { RunActions } from './use-run-actions.ts';

interface RunDetailPaneProps {
  id: string;
  got: CallState<RunDetail>;
  actions: RunActions;
  isFull: boolean;
  onToggleFull: () => void;
  onClose: () => void;
}

export function RunDetailPane({ got, ...shown }: RunDetailPaneProps) {
  if (got.value !== undefined) return <Detail run={got.value} {...shown} />;
  if (got.error !== null) {
    return (
      <div className={classes.failed}>
        <ActionIcon aria-label="Close the run" onClick={shown.onClose}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
        <ErrorState error={got.error} title="This run could not be loaded" onRetry={got.reload} />
      </div>
    );
  }
  return <LoadingRows rows={8} />;
}

type Tab = 'approval' | 'questions' | 'output' | 'outcome' | 'attempts' | 'annotations' | 'event' | 'compare';

function Detail({ run, actions, isFull, onToggleFull, onClose }: Omit<RunDetailPaneProps, 'got'> & { run: RunDetail }) {
  const [tab, setTab] = useState<Tab | null>(null);
  /** An attempt looked at on purpose; else the latest. */
  const [chosen, setChosen] = useState<{ runId: string; attempt: number } | null>(null);
  const event = useCall('events.get', { id: run.eventId }, { keep: true });
  const eventDetail = event.value?.id === run.eventId ? event.value : undefined;
  const original = useOriginalRun(run, eventDetail);
  const attempt = chosen?.runId === run.id ? chosen.attempt : run.attempt;
  const isPending = run.needsAttention === 'approval';
  const hasErrors = run.annotations.some((annotation) => annotation.level === 'error');

  const tabs: { value: Tab; label: string; count?: number; tone?: 'red' }[] = [
    ...(isPending ? [{ value: 'approval' as const, label: 'Approval' }] : []),
    ...(run.questions.length > 0 || run.question !== null
      ? [{ value: 'questions' as const, label: run.question === null ? 'Questions' : 'Question' }]
      : []),
    { value: 'output', label: 'Output' },
    { value: 'outcome', label: 'Outcome' },
    { value: 'attempts', label: 'Attempts', ...(run.attempts > 1 ? { count: run.history.length } : {}) },
    {
      value: 'annotations',
      label: 'Annotations',
      ...(run.annotations.length > 0 ? { count: run.annotations.length } : {}),
      ...(hasErrors ? { tone: 'red' as const } : {}),
    },
    { value: 'event', label: 'Event' },
    ...(original === null ? [] : [{ value: 'compare' as const, label: 'Compare' }]),
  ];
  const first = isPending ? 'approval' : run.question !== null ? 'questions' : 'output';
  const shown: Tab = tabs.some((one) => one.value === tab) ? (tab ?? first) : first;

  return (
    <article className={classes.detail} aria-label={`Run of ${run.job}`}>
      <RunHeader run={run} actions={actions} isFull={isFull} onToggleFull={onToggleFull} onClose={onClose} />
      <SegmentTabs id="run" label="Run" tabs={tabs} value={shown} onChange={(value) => setTab(value)} keys />
      <TabPanel id="run" tab={shown}>
        {shown === 'approval' && (
          <div className={classes.sheet}>
            <RunApprovalPanel key={run.id} run={run} withEvent />
          </div>
        )}
        {shown === 'questions' && <RunQuestions run={run} />}
        {shown === 'output' && (
          <RunOutputPane
            run={run}
            attempt={attempt}
            onAttempt={(next) => setChosen(next === run.attempt ? null : { runId: run.id, attempt: next })}
          />
        )}
        {shown === 'outcome' && <RunOutcome run={run} onRetry={actions.retry} />}
        {shown === 'attempts' && (
          <RunAttempts
            run={run}
            onShowOutput={(next) => {
              setChosen(next === run.attempt ? null : { runId: run.id, attempt: next });
              setTab('output');
            }}
          />
        )}
        {shown === 'annotations' && <RunAnnotations run={run} />}
        {shown === 'event' && <RunEvent run={run} event={eventDetail} error={event.error} onRetry={event.reload} />}
        {shown === 'compare' && original !== null && <RunCompare run={run} event={eventDetail} original={original} />}
      </TabPanel>
    </article>
  );
}
