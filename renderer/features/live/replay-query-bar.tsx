import { Button, MultiSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../../components/inline-error.tsx';
import { useCatalog } from '../../stores/catalog.ts';
import { composeQuery } from '../../stores/event-query.ts';
import { startReplay } from '../../stores/replays.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { useAction } from '../../stores/use-call.ts';
import classes from './live.module.css';

interface ReplayQueryBarProps {
  query: string;
  showInternal: boolean;
  onClose: () => void;
}

/** Replays what the filter finds; an open bar rather than a question, since it says what it will do. */
export function ReplayQueryBar({ query, showInternal, onClose }: ReplayQueryBarProps) {
  const listeners = useCatalog((state) => state.listeners);
  const [chosen, setChosen] = useState<string[]>([]);
  const [limit, setLimit] = useState(1000);
  const start = useAction(async () => {
    await startReplay({
      query: composeQuery(query, showInternal),
      limit,
      ...(chosen.length > 0 ? { listeners: chosen } : {}),
    });
    onClose();
  });
  useShortcuts('Replay', [{ keys: 'escape', label: 'Close', run: onClose, inInputs: true, hidden: true }]);
  return (
    <form
      className={classes.bar}
      onSubmit={(event) => {
        event.preventDefault();
        void start.run();
      }}
    >
      <span>
        Replay, oldest first, {query === '' ? <b>every stored event</b> : <code className={classes.code}>{query}</code>}
      </span>
      <span>through</span>
      <MultiSelect
        aria-label="Listeners"
        placeholder={chosen.length === 0 ? 'the listeners that match' : undefined}
        data={listeners.map((listener) => ({ value: listener.slug, label: listener.name }))}
        value={chosen}
        onChange={setChosen}
        size="xs"
        w={220}
        searchable
        clearable
      />
      <span>at most</span>
      <NumberInput
        aria-label="At most"
        value={limit}
        onChange={(value) => typeof value === 'number' && setLimit(value)}
        min={1}
        max={100_000}
        w={88}
        hideControls
        thousandSeparator=","
      />
      <Button type="submit" size="compact-sm" loading={start.busy}>
        Start
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onClose}>
        Close
      </Button>
      <InlineError error={start.error} />
    </form>
  );
}
