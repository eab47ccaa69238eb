import { Button, type ButtonProps, type ElementProps } from '@mantine/core';
import type { Permission } from '../../../shared/contract/access/roles.ts';
import { useLack } from '../../model/app/account.ts';

interface PermittedButtonProps extends ButtonProps, ElementProps<'button', keyof ButtonProps> {
  needs: Permission;
}

/** A button that is disabled, with the reason, if the role does not permit its action. */
export function PermittedButton({ needs, disabled, title, ...button }: PermittedButtonProps) {
  const lack = useLack(needs);
  return <Button {...button} disabled={disabled === true || lack !== null} title={lack ?? title} />;
}
