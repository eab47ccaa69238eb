import { Menu, type MenuItemProps } from '@mantine/core';
import type { Permission } from '../../../shared/contract/access/roles.ts';
import { useLack } from '../../model/app/account.ts';

interface PermittedMenuItemProps extends MenuItemProps {
  needs: Permission;
  onClick: () => void;
}

/** A menu item that is disabled, with the reason, if the role does not permit its action. */
export function PermittedMenuItem({ needs, disabled, ...item }: PermittedMenuItemProps) {
  const lack = useLack(needs);
  return <Menu.Item {...item} disabled={disabled === true || lack !== null} title={lack ?? undefined} />;
}
