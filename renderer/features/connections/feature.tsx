import { isDesktop } from '../../model/app/desktop.ts';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const ConnectionsPage = lazyPage(() => import('./connections-page.tsx'), 'ConnectionsPage');

export const feature: Feature = {
  id: 'connections',
  routes: isDesktop ? [{ path: '/connections', page: ConnectionsPage }] : [],
  commands: isDesktop
    ? [
        {
          id: 'connections.open',
          label: 'Connect to a server',
          group: 'App',
          keywords: ['remote', 'switch', 'connection', 'team'],
          run: () => navigate(paths.connections()),
        },
      ]
    : [],
};
