import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Role, roles } from '../../../shared/contract/access/roles.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { type FreshLink, toRole } from './operator-fields.ts';
import classes from './team.module.css';

export function AddOperator({ onAdded }: { onAdded: (fresh: FreshLink) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [mayApprove, setMayApprove] = useState(false);
  const add = useAction(async () => {
    const { link } = await call('operators.add', { name, role, mayApprove });
    onAdded({ name, link });
  });
  return (
    <form
      aria-label="New operator"
      onSubmit={(event) => {
        event.preventDefault();
        void add.run();
      }}
    >
      <div className={classes.form}>
        <TextInput label="Name" autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label="Role"
          data={[...roles]}
          value={role}
          allowDeselect={false}
          onChange={(value) => {
            setRole(toRole(value));
            if (value === 'viewer') setMayApprove(false);
          }}
        />
        <Switch
          label="May approve"
          disabled={role === 'viewer'}
          checked={mayApprove}
          onChange={(event) => setMayApprove(event.currentTarget.checked)}
        />
        <Button type="submit" variant="default" loading={add.busy} disabled={name.trim() === ''}>
          Create link
        </Button>
      </div>
      <InlineError error={add.error} />
    </form>
  );
}
