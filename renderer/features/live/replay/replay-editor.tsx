import { Button, MultiSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EventDetail } from '../../../../shared/contract/events.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { DiffView } from '../../../ui/code/diff-view.tsx';
import { JsonEditor } from '../../../ui/code/json-editor.tsx';
import { readJson } from '../../../ui/code/read-json.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { DiscardQuestion } from '../../../ui/forms/discard-question.tsx';
import { SplitPane } from '../../../ui/layout/split-pane.tsx';
import { Hint } from '../../../ui/text/hint.tsx';
import { Kbd } from '../../../ui/text/kbd.tsx';
import classes from '../live.module.css';
import { dropReplayDraft, keepReplayDraft, useReplayDraft } from '../model/replay-drafts.ts';

interface ReplayEditorProps {
  event: EventDetail;
  /** Once it was sent. */
  onDone: () => void;
}

/** The payload to edit, what differs from the original, and who is to get it. */
export function ReplayEditor({ event, onDone }: ReplayEditorProps) {
  const original = useMemo(() => stringifyExact(event.payload, 2), [event.payload]);
  const draft = useReplayDraft(event.id);
  const text = draft?.text ?? original;
  const chosen = draft?.listeners ?? [];
  const change = (next: { text?: string; listeners?: readonly string[] }): void =>
    keepReplayDraft(event.id, { text, listeners: chosen, ...next });
  const [isAsking, setAsking] = useState(false);
  const listeners = useCatalog((state) => state.listeners);
  const read = useMemo(() => readJson(text), [text]);
  const edited = read.ok ? stringifyExact(read.json, 2) : null;
  const isChanged = edited !== null && edited !== original;

  const send = useAction(async () => {
    const now = readJson(text);
    if (!now.ok) return;
    const { items } = await call('events.replay', {
      ids: [event.id],
      ...(isChanged ? { payload: now.json } : {}),
      ...(chosen.length > 0 ? { listeners: [...chosen] } : {}),
    });
    dropReplayDraft(event.id);
    const made = items[0];
    showDone(
      <span>
        Replayed{isChanged && ' with the edited payload'}
        {made !== undefined && (
          <>
            {' '}
            · <a href={hrefOf(paths.event(made.id))}>Open event</a>
          </>
        )}
      </span>,
    );
    onDone();
  });
  const discard = (): void => dropReplayDraft(event.id);
  const leave = (): void => {
    if (text === original && chosen.length === 0) discard();
    else setAsking(!isAsking);
  };
  useShortcuts(
    'Edited replay',
    [
      {
        keys: 'mod+enter',
        label: 'Replay edited',
        needs: 'define',
        run: () => void send.run(),
        inInputs: true,
        enabled: read.ok && !isAsking && !send.busy,
      },
      { keys: 'escape', label: 'Back to the event', run: leave, inInputs: true },
    ],
    'form',
  );

  return (
    <div className={classes.editor}>
      <SplitPane
        id="replay-editor"
        direction="column"
        defaultRatio={0.58}
        minPx={120}
        primary={
          <div className={classes.editorPart}>
            <JsonEditor
              value={text}
              onChange={(next) => change({ text: next })}
              label="Edited payload"
              height="100%"
              autoFocus
            />
          </div>
        }
        secondary={
          <div className={classes.editorPart}>
            {isChanged && edited !== null ? (
              <DiffView before={original} after={edited} label="Changes from the original" height="100%" />
            ) : (
              <Hint>{read.ok ? 'No changes yet.' : 'Fix the JSON to see changes.'}</Hint>
            )}
          </div>
        }
      />
      {isAsking ? (
        <div className={classes.editorFoot}>
          <DiscardQuestion what="your changes" onKeep={() => setAsking(false)} onDiscard={discard} />
        </div>
      ) : (
        <div className={classes.editorFoot}>
          <MultiSelect
            aria-label="Listeners to replay to"
            placeholder={chosen.length === 0 ? 'Listeners that match' : undefined}
            data={listeners.map((listener) => ({ value: listener.slug, label: listener.name }))}
            value={[...chosen]}
            onChange={(slugs) => change({ listeners: slugs })}
            size="xs"
            className={classes.chooser}
            comboboxProps={{ position: 'top-start' }}
            searchable
            clearable
          />
          <InlineError error={send.error} />
          <Button variant="subtle" onClick={leave}>
            Cancel
          </Button>
          <PermittedButton
            needs={isChanged ? 'define' : 'operate'}
            loading={send.busy}
            disabled={!read.ok}
            onClick={() => void send.run()}
            rightSection={<Kbd keys="mod+enter" />}
          >
            Replay edited
          </PermittedButton>
        </div>
      )}
    </div>
  );
}
