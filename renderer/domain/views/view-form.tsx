import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../errors/use-action.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import classes from './views.module.css';

interface ViewFormProps {
  opened: boolean;
  title: string;
  /** To begin with. */
  name: string;
  onClose: () => void;
  onSave: (name: string) => Promise<void>;
}

/** Asks for the name of a view. */
export function ViewForm({ opened, title, name: given, onClose, onSave }: ViewFormProps) {
  const [name, setName] = useState(given);
  const save = useAction(async () => {
    await onSave(name.trim());
    onClose();
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={400}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '' && !save.busy) void save.run();
        }}
      >
        <TextInput
          label="Name"
          placeholder="Failed orders"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <p className={classes.hint}>Query, columns, sorting and grouping are saved. All operators see the view.</p>
        <InlineError error={save.error} />
        <div className={classes.buttons}>
          <Button type="submit" loading={save.busy} disabled={name.trim() === ''}>
            Save
          </Button>
          <Button variant="subtle" color="gray" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
