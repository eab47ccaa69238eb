import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Permission } from '../../../shared/contract/access/roles.ts';
import { useLack } from '../../model/app/account.ts';

interface PermittedLinkProps {
  needs: Permission;
  href: string;
  children: ReactNode;
}

/** A link that looks like a button; disabled, with the reason, if the role does not permit the action behind it. */
export function PermittedLink({ needs, href, children }: PermittedLinkProps) {
  const lack = useLack(needs);
  if (lack !== null) {
    return (
      <Button disabled title={lack}>
        {children}
      </Button>
    );
  }
  return (
    <Button component="a" href={href}>
      {children}
    </Button>
  );
}
