import { ActionIcon, Menu } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { client } from '../../client/index.ts';
import { useAccount } from '../../model/app/account.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { showFailure } from '../../ui/feedback/toasts.tsx';

async function signOut(): Promise<void> {
  try {
    await client.session?.signOut();
    location.reload();
  } catch (error) {
    showFailure(error, 'Sign-out failed');
  }
}

/** Who is signed in; nothing where nobody signs in by name. */
export function AccountMenu() {
  const account = useAccount((state) => state.account);
  if (account === null || account.id === null) return null;
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon aria-label={`Signed in as ${account.name}`} title={`${account.name}, ${account.role}`}>
          <IconUser size={15} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {account.name}, {account.role}
        </Menu.Label>
        <Menu.Item component="a" href={hrefOf(paths.account())}>
          Your account
        </Menu.Item>
        {account.via === 'session' && <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
