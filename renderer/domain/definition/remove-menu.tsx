import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { useLack } from '../../model/app/account.ts';

interface RemoveMenuProps {
  label: string;
  busy?: boolean;
  onRemove: () => void;
}

/** Behind a menu, so that it is not clicked by accident. */
export function RemoveMenu({ label, busy = false, onRemove }: RemoveMenuProps) {
  const lack = useLack('define');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="More">
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconTrash size={14} stroke={1.6} />}
          disabled={busy || lack !== null}
          title={lack ?? undefined}
          onClick={onRemove}
        >
          {label}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
