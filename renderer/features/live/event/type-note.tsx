import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { maxLocalDescriptionLength } from '../../../../shared/contract/catalog.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { labelOf } from '../../../model/events/event-catalog.ts';
import { addLocalType, localTypeOf, removeLocalType, useLocalCatalog } from '../../../model/events/local-catalog.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showUndo } from '../../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import classes from '../live.module.css';

type TypeOfEvent = Pick<EventItem, 'system' | 'type'>;

interface DescribeFormProps extends TypeOfEvent {
  /** What it says now; empty for a type that is not described yet. */
  before: string;
  onClose: () => void;
}

/** One line on what the type means: Enter saves, Esc leaves. */
function DescribeForm({ system, type, before, onClose }: DescribeFormProps) {
  const [text, setText] = useState(before);
  const description = text.trim();
  const canSave = description !== '' && description !== before;
  const save = useAction(async () => {
    await addLocalType({ system, type, description });
    onClose();
    showUndo({
      message: before === '' ? `${type} added to the catalog` : `Description of ${type} changed`,
      undo: () =>
        before === '' ? removeLocalType({ system, type }) : addLocalType({ system, type, description: before }),
    });
  });
  return (
    <>
      <form
        className={classes.typeForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (canSave && !save.busy) void save.run();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
      >
        <TextInput
          className={classes.typeField}
          size="xs"
          aria-label={`Description of ${type}`}
          placeholder="One-line description"
          maxLength={maxLocalDescriptionLength}
          autoFocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <PermittedButton needs="define" type="submit" size="compact-xs" disabled={!canSave} loading={save.busy}>
          {before === '' ? 'Add' : 'Save'}
        </PermittedButton>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onClose}>
          Cancel
        </Button>
      </form>
      <InlineError error={save.error} />
    </>
  );
}

interface TypeNoteProps {
  event: TypeOfEvent;
  /** Its form is open. */
  isDescribing: boolean;
  onDescribing: (isDescribing: boolean) => void;
}

/** What the event's type means; that the catalogue lacks a type is nothing wrong, and an operator may add it. */
export function TypeNote({ event: { system, type }, isDescribing, onDescribing }: TypeNoteProps) {
  const { types, error } = useLocalCatalog();
  const before = localTypeOf(types, system, type)?.description ?? '';
  const remove = useAction(async () => {
    await removeLocalType({ system, type });
    showUndo({
      message: `${type} removed from the catalog`,
      undo: () => addLocalType({ system, type, description: before }),
    });
  });
  const label = labelOf(system, type, types);
  if (isDescribing) {
    return (
      <div className={classes.typeNote}>
        <DescribeForm system={system} type={type} before={before} onClose={() => onDescribing(false)} />
      </div>
    );
  }
  if (label === null) return null;
  const describe = (): void => onDescribing(true);
  if (label === 'unknown') {
    return (
      <div className={classes.typeNote}>
        <ToneBadge tone="grey">not in the catalog</ToneBadge>
        <PermittedButton needs="define" variant="subtle" size="compact-xs" onClick={describe}>
          Add to the catalog
        </PermittedButton>
        {error !== null && <InlineError message={`The local catalog could not be loaded: ${error.message}`} />}
      </div>
    );
  }
  return (
    <div className={classes.typeNote}>
      <span>
        {label.name !== null && <b>{label.name}: </b>}
        {label.description} <span className={classes.key}>{label.group}</span>
      </span>
      {label.isLegacy && <ToneBadge tone="grey">legacy</ToneBadge>}
      {label.isLocal && (
        <>
          <PermittedButton needs="define" variant="subtle" color="gray" size="compact-xs" onClick={describe}>
            Change
          </PermittedButton>
          <PermittedButton
            needs="define"
            variant="subtle"
            color="gray"
            size="compact-xs"
            loading={remove.busy}
            onClick={() => void remove.run()}
          >
            Remove
          </PermittedButton>
          <InlineError error={remove.error} />
        </>
      )}
    </div>
  );
}
