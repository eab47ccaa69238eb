import { Component, type ReactNode, Suspense, useEffect, useMemo } from 'react';
import { toAppError } from '../../client/index.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { addCommands } from '../../model/app/commands.ts';
import { useShownConnection } from '../../model/app/desktop.ts';
import type { Feature } from '../../model/app/feature.ts';
import { loadPagesWhenIdle } from '../../model/app/lazy-page.ts';
import { navigate, redirect, useRoute } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { setPreference, usePreferences } from '../../model/app/preferences.ts';
import { pickRoute } from '../../model/app/route.ts';
import { useStatus } from '../../model/app/status.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { takeUndo } from '../../ui/feedback/undo.ts';
import { ProfileContext } from '../../ui/layout/app-page.tsx';
import { DensityContext } from '../../ui/tables/row-height.ts';
import { copyLink } from './copy-link.ts';
import { DropTarget } from './drop-target.tsx';
import { FindBar } from './find-bar.tsx';
import { KeyboardMap } from './keyboard-map.tsx';
import { Nav } from './nav.tsx';
import { Notice } from './notice.tsx';
import classes from './shell.module.css';
import { StatusBar } from './status-bar.tsx';

/** A page that throws takes neither the others nor the shell with it. */
class PageBoundary extends Component<{ children: ReactNode; at: string }, { error: unknown; at: string }> {
  override state: { error: unknown; at: string } = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: { at: string }, state: { at: string }) {
    return props.at === state.at ? null : { error: null, at: props.at };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <ErrorState
        title="Something went wrong"
        error={toAppError(this.state.error)}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}

export function Shell({ features }: { features: readonly Feature[] }) {
  const route = useRoute();
  const folded = usePreferences((state) => state.navFolded);
  const density = usePreferences((state) => state.density);
  const connection = useShownConnection();
  const ownProfile = useStatus((state) => state.status?.profile ?? null);
  const profile = connection?.name ?? ownProfile;
  const routes = useMemo(() => features.flatMap((feature) => feature.routes), [features]);
  const home = features.find((feature) => feature.nav !== undefined)?.nav?.path ?? paths.live();

  useEffect(loadPagesWhenIdle, []);

  useEffect(() => {
    if (route.path === '/') redirect('/', home);
  }, [route.path, home]);

  useEffect(() => {
    const stops = [
      ...features.map((feature) => addCommands(feature.commands ?? [])),
      addCommands([
        {
          id: 'page.link',
          label: 'Copy link to this page',
          group: 'View',
          keys: 'shift+y',
          run: () => void copyLink(),
        },
      ]),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [features]);

  useShortcuts('Everywhere', [
    ...features.flatMap(({ nav }) =>
      nav?.keys === undefined ? [] : [{ keys: nav.keys, label: `Go to ${nav.label}`, run: () => navigate(nav.path) }],
    ),
    { keys: 'shift+y', label: 'Copy link to this page', run: () => void copyLink() },
    { keys: '[', label: 'Collapse or expand navigation', run: () => setPreference('navFolded', !folded) },
    { keys: 'mod+z', label: 'Undo the last action', run: () => void takeUndo()?.undo() },
  ]);

  const picked = pickRoute(routes, route.path);
  const Page = picked?.route.page;
  return (
    <div className={classes.shell} data-folded={folded} data-connection={connection?.color}>
      <Nav features={features} folded={folded} />
      <main className={classes.main}>
        <Notice />
        <div className={classes.page}>
          <PageBoundary at={route.path}>
            {Page !== undefined && picked !== null ? (
              <ProfileContext value={profile}>
                <DensityContext value={density}>
                  <Suspense>
                    <Page params={picked.params} search={route.search} />
                  </Suspense>
                </DensityContext>
              </ProfileContext>
            ) : (
              route.path !== '/' && <EmptyState title="Page not found">No page at {route.path}.</EmptyState>
            )}
          </PageBoundary>
        </div>
      </main>
      <StatusBar />
      <KeyboardMap />
      <FindBar />
      <DropTarget />
      {features.map(({ id, overlay: Overlay }) => Overlay !== undefined && <Overlay key={id} />)}
    </div>
  );
}
