import { useLack } from '../../model/app/account.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnTokens } from './own-tokens.tsx';

export function AccountPage() {
  const lack = useLack('own');
  return (
    <AppPage title="Your account">
      <PageScroll width={1080}>
        {lack === null ? (
          <>
            <OwnPassword />
            <OwnSessions />
            <OwnTokens />
          </>
        ) : (
          <EmptyState title="No account">You are signed in with the console token, or in the desktop app.</EmptyState>
        )}
      </PageScroll>
    </AppPage>
  );
}
