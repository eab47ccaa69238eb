import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { client } from '../client/index.ts';
import { followKeyboard } from '../keyboard/shortcuts.ts';
import { followAccount, lackIn, useAccount } from '../model/app/account.ts';
import { followConnection, useConnection } from '../model/app/connection.ts';
import { followDesktop, useShownConnection } from '../model/app/desktop.ts';
import { followAddress, useRoute } from '../model/app/navigation.ts';
import { usePreferences } from '../model/app/preferences.ts';
import { followStatus } from '../model/app/status.ts';
import { followCatalog } from '../model/definitions/catalog.ts';
import { followLocalCatalog } from '../model/events/local-catalog.ts';
import { followViews } from '../model/views/views.ts';
import { Connecting } from './connecting.tsx';
import { features } from './features.ts';
import { Join } from './join.tsx';
import { ServerSignIn } from './server-sign-in.tsx';
import { Shell } from './shell/shell.tsx';
import { SignIn } from './sign-in.tsx';
import { cssVariables, schemeManager, theme } from './theme.ts';

const manager = schemeManager();

function Screen() {
  const phase = useConnection((state) => state.phase);
  const hasConnected = useConnection((state) => state.hasConnected);
  const { path } = useRoute();
  const connection = useShownConnection();

  useEffect(() => {
    if (!hasConnected) return;
    const stops = [
      followStatus(),
      followAccount(),
      followCatalog(),
      followLocalCatalog(),
      followViews(),
      ...features.map((feature) => feature.mount?.()),
    ];
    return () => {
      for (const stop of stops) stop?.();
    };
  }, [hasConnected]);

  const code = /^\/join\/([A-Za-z0-9_-]+)$/.exec(path)?.[1];
  if (code !== undefined && client.session !== null) return <Join code={code} />;
  return (
    <>
      {hasConnected && <Shell features={features} />}
      {phase === 'signed-out' && (connection === null ? <SignIn /> : <ServerSignIn connection={connection} />)}
      {!hasConnected && phase !== 'signed-out' && <Connecting />}
    </>
  );
}

export function App() {
  useEffect(() => {
    const stops = [
      followAddress(),
      followKeyboard({
        allowsSingleKeys: () => usePreferences.getState().singleKeys,
        may: (needs) => lackIn(useAccount.getState().account, needs) === null,
      }),
      followConnection(),
      followDesktop(),
      client.start(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={manager}
      defaultColorScheme="auto"
    >
      <Screen />
      {/* Above the status bar. */}
      <Notifications position="bottom-right" limit={4} containerWidth={380} styles={{ root: { marginBottom: 26 } }} />
    </MantineProvider>
  );
}
