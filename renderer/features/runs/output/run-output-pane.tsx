import { ActionIcon, Loader, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBarToDown, IconChevronDown, IconChevronUp, IconClock, IconTextWrap } from '@tabler/icons-react';
import Anser from 'anser';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { readStored, writeStored } from '../../../browser/storage.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { useRunOutput } from '../../../model/runs/follow-output.ts';
import { findLines } from '../../../model/runs/run-output.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../runs.module.css';
import { OutputLines } from './output-lines.tsx';

const plainText = (text: string): string => (text.includes('\u001b') ? Anser.ansiToText(text) : text);

function useKept(key: string): [boolean, () => void] {
  const [on, setOn] = useState(() => readStored(key) === 'on');
  const toggle = (): void => {
    writeStored(key, on ? 'off' : 'on');
    setOn(!on);
  };
  return [on, toggle];
}

interface RunOutputPaneProps {
  run: RunDetail;
  attempt: number;
  onAttempt: (attempt: number) => void;
}

export function RunOutputPane({ run, attempt, onAttempt }: RunOutputPaneProps) {
  const { output, error, reload } = useRunOutput(run, attempt);
  const { lines } = output;
  const [wrap, toggleWrap] = useKept('signalbox.output.wrap');
  const [times, toggleTimes] = useKept('signalbox.output.times');
  const [follow, setFollow] = useState(true);
  const [text, setText] = useState('');
  const [foundAt, setFoundAt] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const wanted = useDeferredValue(text);
  const found = useMemo(() => findLines(lines, wanted, plainText), [lines, wanted]);
  const current = found.length === 0 ? null : (found[Math.min(foundAt, found.length - 1)] ?? null);

  const goTo = (step: number): void => {
    if (found.length === 0) return;
    setFollow(false);
    setFoundAt((at) => (Math.min(at, found.length - 1) + step + found.length) % found.length);
  };
  useShortcuts(
    'Output',
    [
      { keys: 'f', label: 'Follow output', run: () => setFollow((on) => !on) },
      { keys: 'w', label: 'Wrap long lines', run: toggleWrap },
      { keys: 't', label: 'Show timestamps', run: toggleTimes },
      { keys: 'mod+f', label: 'Search the output', run: () => search.current?.select(), inInputs: true },
    ],
    'pane',
  );

  const ended = isFinished(run.state);
  const isLatest = attempt === run.attempt;
  return (
    <div className={classes.output}>
      <div className={classes.outputBar}>
        {run.history.length > 1 && (
          <fieldset className={classes.attemptPick}>
            <legend className={classes.hidden}>Attempt</legend>
            {run.history.map((one) => (
              <button
                key={one.attempt}
                type="button"
                className={classes.pick}
                aria-pressed={one.attempt === attempt}
                aria-label={`Attempt ${one.attempt}`}
                onClick={() => onAttempt(one.attempt)}
              >
                {one.attempt}
              </button>
            ))}
          </fieldset>
        )}
        <span className={classes.lineCount}>
          {lines.length === 1 ? '1 line' : `${formatCount(lines.length)} lines`}
          {output.truncated && <span className={classes.shortened}> · truncated</span>}
        </span>
        {output.phase === 'loading' && error === null && (
          <Loader size={12} color="gray" aria-label="Loading" className={classes.late} />
        )}
        <span className={classes.spacer} />
        <TextInput
          ref={search}
          className={classes.search}
          aria-label="Search the output"
          placeholder="Search output"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setFoundAt(0);
            if (event.currentTarget.value !== '') setFollow(false);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') goTo(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape') {
              event.preventDefault();
              event.stopPropagation();
              setText('');
              search.current?.blur();
            } else return;
            event.preventDefault();
          }}
          rightSectionWidth={wanted === '' ? 0 : 96}
          rightSection={
            wanted === '' ? null : (
              <span className={classes.searchCount} role="status">
                {found.length === 0
                  ? 'none'
                  : `${formatCount(Math.min(foundAt, found.length - 1) + 1)}/${formatCount(found.length)}`}
                <ActionIcon
                  size={18}
                  aria-label="Previous match"
                  disabled={found.length === 0}
                  onClick={() => goTo(-1)}
                >
                  <IconChevronUp size={13} />
                </ActionIcon>
                <ActionIcon size={18} aria-label="Next match" disabled={found.length === 0} onClick={() => goTo(1)}>
                  <IconChevronDown size={13} />
                </ActionIcon>
              </span>
            )
          }
        />
        <Toggle label="Times" keys="t" on={times} onToggle={toggleTimes} icon={<IconClock size={15} stroke={1.6} />} />
        <Toggle
          label="Wrap long lines"
          keys="w"
          on={wrap}
          onToggle={toggleWrap}
          icon={<IconTextWrap size={15} stroke={1.6} />}
        />
        <Toggle
          label="Follow output"
          keys="f"
          on={follow}
          onToggle={() => setFollow(!follow)}
          icon={<IconArrowBarToDown size={15} stroke={1.6} />}
        />
        <CopyButton title="Copy full output" text={() => lines.map((line) => plainText(line.text)).join('\n')} />
      </div>
      {error !== null && lines.length === 0 ? (
        <ErrorState error={error} title="The output could not be loaded" onRetry={reload} />
      ) : lines.length === 0 ? (
        output.phase === 'loading' ? null : (
          <EmptyState
            title={
              ended || !isLatest
                ? run.startedAt === null
                  ? 'Never started'
                  : 'No output'
                : run.startedAt === null
                  ? 'Not started yet'
                  : 'No output yet'
            }
          >
            {ended || !isLatest ? null : 'Lines appear here as the job writes them.'}
          </EmptyState>
        )
      ) : (
        <OutputLines
          key={`${run.id}/${attempt}`}
          lines={lines}
          wrap={wrap}
          times={times}
          follow={follow}
          onFollow={setFollow}
          marked={wanted}
          found={found}
          current={current}
        />
      )}
    </div>
  );
}

interface ToggleProps {
  label: string;
  keys: string;
  on: boolean;
  onToggle: () => void;
  icon: React.ReactNode;
}

function Toggle({ label, keys, on, onToggle, icon }: ToggleProps) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon aria-label={label} aria-pressed={on} className={classes.toggle} onClick={onToggle}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
