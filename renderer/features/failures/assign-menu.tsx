import { Button, Menu } from '@mantine/core';
import type { Failure } from '../../../shared/contract/failures.ts';
import { useLack } from '../../model/app/account.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { assignFailure } from './model/failure-actions.ts';

interface AssignMenuProps {
  failure: Failure;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

/** Names the operator who takes care of it. */
export function AssignMenu({ failure, opened, onChange }: AssignMenuProps) {
  const lack = useLack('operate');
  const people = useCall('failures.assignees', opened ? {} : null, { keep: true });
  const [self, ...others] = people.value?.items ?? [];
  const choose = (name: string | null): void => {
    onChange(false);
    void assignFailure(failure, name);
  };
  return (
    <Menu opened={opened} onChange={onChange} position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" disabled={lack !== null} title={lack ?? undefined} rightSection={<Kbd keys="t" />}>
          {failure.assignee === null ? 'Assign' : 'Reassign'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {self !== undefined && self !== failure.assignee && (
          <Menu.Item onClick={() => choose(self)}>Assign to me ({self})</Menu.Item>
        )}
        {others
          .filter((name) => name !== failure.assignee)
          .map((name) => (
            <Menu.Item key={name} onClick={() => choose(name)}>
              {name}
            </Menu.Item>
          ))}
        {failure.assignee !== null && <Menu.Item onClick={() => choose(null)}>Unassign</Menu.Item>}
        {people.error !== null && <Menu.Label>{people.error.message}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
