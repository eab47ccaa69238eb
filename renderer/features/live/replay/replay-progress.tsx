import { Button, Progress } from '@mantine/core';
import { useMemo } from 'react';
import type { Replay } from '../../../../shared/contract/events.ts';
import { useAction } from '../../../errors/use-action.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { Lamp, type Tone } from '../../../ui/feedback/lamp.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../live.module.css';
import { cancelReplay, dismissReplay, shownReplays, useReplays } from '../model/replays.ts';

const openedAtMs = Date.now();
const tones: Record<Replay['state'], Tone> = { running: 'blue', completed: 'green', canceled: 'grey', failed: 'red' };
const words: Record<Replay['state'], string> = {
  running: 'Replaying',
  completed: 'Replayed',
  canceled: 'Canceled after',
  failed: 'Failed after',
};

function OneReplay({ replay }: { replay: Replay }) {
  const cancel = useAction(() => cancelReplay(replay.id));
  const isRunning = replay.state === 'running';
  const percent = replay.total === null || replay.total === 0 ? null : (100 * replay.done) / replay.total;
  return (
    <div className={classes.bar} role="status">
      <Lamp tone={tones[replay.state]} pulse={isRunning} />
      <span className={classes.replayed}>
        {words[replay.state]} {formatCount(replay.done)}
        {replay.total !== null && isRunning && ` of ${formatCount(replay.total)}`} events
      </span>
      {isRunning && percent !== null && (
        <Progress value={percent} size={4} w={200} color="var(--sb-blue)" aria-label="Replayed" />
      )}
      <InlineError message={replay.error} />
      <InlineError error={cancel.error} />
      <Button
        size="compact-xs"
        variant="default"
        loading={cancel.busy}
        onClick={() => (isRunning ? void cancel.run() : dismissReplay(replay.id))}
      >
        {isRunning ? 'Cancel' : 'Done'}
      </Button>
    </div>
  );
}

export function ReplayProgress() {
  const state = useReplays();
  const shown = useMemo(() => shownReplays(state, openedAtMs), [state]);
  return shown.map((replay) => <OneReplay key={replay.id} replay={replay} />);
}
