import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { takeDroppedEvent, useDroppedEvent } from '../../../model/events/dropped-file.ts';
import { JsonEditor } from '../../../ui/code/json-editor.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { fieldErrors } from '../../../ui/forms/field-errors.ts';
import { FormRow } from '../../../ui/forms/form-layout.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import { Kbd } from '../../../ui/text/kbd.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import classes from '../live.module.css';
import { customTypeOf, emptyRaise, type RaiseDraft, readRaise } from '../model/raise-draft.ts';

/** What was typed outlives the pane, to be raised again with a change. */
let lastDraft: RaiseDraft = emptyRaise;

/** An event of the operator's own, now or later; listeners take it as any other. */
export function RaisePane({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(lastDraft);
  const [attempted, setAttempted] = useState(false);
  const read = readRaise(draft, Date.now());
  const change = (part: Partial<RaiseDraft>): void => {
    raise.clear();
    lastDraft = { ...draft, ...part };
    setDraft(lastDraft);
  };
  const dropped = useDroppedEvent((state) => state.event);
  // biome-ignore lint/correctness/useExhaustiveDependencies: filled in once for each file that is dropped
  useEffect(() => {
    const taken = takeDroppedEvent();
    if (taken !== null) change({ ...taken, when: 'now' });
  }, [dropped]);
  const raise = useAction(async () => {
    const now = readRaise(draft, Date.now());
    if (!now.ok) return;
    const raised = await call('events.raise', now.input);
    setAttempted(false);
    showDone(
      raised.eventId !== null ? (
        <span>
          {raised.type} raised · <a href={hrefOf(paths.event(raised.eventId))}>Open event</a>
        </span>
      ) : (
        <span>
          {raised.type} scheduled {raised.dueAt !== null && <TimeAgo at={raised.dueAt} />} ·{' '}
          <a href={hrefOf(paths.scheduled())}>Scheduled events</a>
        </span>
      ),
    );
  });
  const submit = (): void => {
    setAttempted(true);
    if (read.ok && !raise.busy) void raise.run();
  };
  useShortcuts(
    'Raise an event',
    [{ keys: 'mod+enter', label: 'Raise', needs: 'define', inInputs: true, run: submit }],
    'form',
  );

  const said = raise.error === null ? {} : fieldErrors(raise.error);
  const errors: Partial<Record<string, string>> = { ...said, ...(attempted && !read.ok ? read.errors : {}) };
  const type = customTypeOf(draft.type);
  return (
    <form
      className={classes.pane}
      aria-label="Raise an event"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <header className={classes.paneHead}>
        <h2 className={classes.paneTitle} data-plain>
          Raise an event
        </h2>
        <ActionIcon aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </header>
      <div className={classes.panel}>
        <FormRow
          label="Name"
          htmlFor="raise-type"
          required
          error={errors.type ?? null}
          hint={
            type === '' ? (
              'The type is CUSTOM_ followed by the name in capitals.'
            ) : (
              <>
                Type: <Mono>{type}</Mono>, source: <Mono>signalbox</Mono>.
              </>
            )
          }
        >
          <TextInput
            id="raise-type"
            classNames={monoInput}
            placeholder={exampleText('customer_sync')}
            value={draft.type}
            maxLength={200}
            autoFocus
            onChange={(event) => change({ type: event.currentTarget.value })}
          />
        </FormRow>
        <FormRow label="Message" hint="The event’s payload.">
          <JsonEditor
            label="Message"
            height="160px"
            value={draft.message}
            error={errors.message ?? null}
            onChange={(message) => change({ message })}
          />
        </FormRow>
        <FormRow label="Metadata" hint="The event’s context (optional)." error={errors.metadata ?? null}>
          <TextInput
            aria-label="Metadata"
            classNames={monoInput}
            placeholder={exampleText('{"correlationId": "…"}')}
            value={draft.metadata}
            onChange={(event) => change({ metadata: event.currentTarget.value })}
          />
        </FormRow>
        <FormRow label="When" error={errors.delay ?? errors.at ?? errors.scheduleFor ?? null}>
          <div className={classes.when}>
            <SegmentedControl
              aria-label="When"
              data={[
                { value: 'now', label: 'Now' },
                { value: 'in', label: 'In' },
                { value: 'at', label: 'At' },
              ]}
              value={draft.when}
              onChange={(when) => change({ when: when === 'in' || when === 'at' ? when : 'now' })}
            />
            {draft.when === 'in' && (
              <TextInput
                aria-label="In"
                w={110}
                placeholder={exampleText('30s, 10m, 2h')}
                value={draft.delay}
                onChange={(event) => change({ delay: event.currentTarget.value })}
              />
            )}
            {draft.when === 'at' && (
              <TextInput
                aria-label="At"
                type="datetime-local"
                w={210}
                value={draft.at}
                onChange={(event) => change({ at: event.currentTarget.value })}
              />
            )}
          </div>
        </FormRow>
        <FormRow label="">
          <div className={classes.when}>
            <PermittedButton needs="define" type="submit" loading={raise.busy} rightSection={<Kbd keys="mod+enter" />}>
              {draft.when === 'now' ? 'Raise event' : 'Schedule event'}
            </PermittedButton>
          </div>
          <InlineError error={raise.error} />
        </FormRow>
      </div>
    </form>
  );
}
