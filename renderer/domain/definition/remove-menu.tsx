import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { PermittedMenuItem } from '../access/permitted-menu-item.tsx';

interface RemoveMenuProps {
  label: string;
  busy?: boolean;
  onRemove: () => void;
}

/** Behind a menu, so that it is not clicked by accident. */
export function RemoveMenu({ label, busy = false, onRemove }: RemoveMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="More">
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <PermittedMenuItem
          needs="define"
          leftSection={<IconTrash size={14} stroke={1.6} />}
          disabled={busy}
          onClick={onRemove}
        >
          {label}
        </PermittedMenuItem>
      </Menu.Dropdown>
    </Menu>
  );
}
