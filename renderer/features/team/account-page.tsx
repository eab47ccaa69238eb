import { useLack } from '../../model/app/account.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { OwnPasskeys } from './own-passkeys.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnTokens } from './own-tokens.tsx';

export function AccountPage() {
  const lack = useLack('own');
  return (
    <AppPage title="Your account">
      <PageScroll width={1080}>
        {lack === null ? (
          <OwnAccount />
        ) : (
          <EmptyState title="No account">You are signed in with the console token, or in the desktop app.</EmptyState>
        )}
      </PageScroll>
    </AppPage>
  );
}

function OwnAccount() {
  const got = useCall('account.passkeys', {});
  return (
    <>
      <OwnPassword hasPassword={got.value?.hasPassword !== false} onChanged={got.reload} />
      <OwnPasskeys got={got} />
      <OwnSessions />
      <OwnTokens />
    </>
  );
}
