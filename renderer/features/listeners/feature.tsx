import { IconRouteAltLeft } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const ListenersPage = lazyPage(() => import('./listeners-page.tsx'), 'ListenersPage');

export const feature: Feature = {
  id: 'listeners',
  routes: [
    { path: '/listeners', page: ListenersPage },
    { path: '/listeners/new', page: ListenersPage },
    { path: '/listeners/:slug', page: ListenersPage },
  ],
  nav: {
    label: 'Listeners',
    icon: IconRouteAltLeft,
    path: paths.listeners(),
    section: 'define',
    order: 40,
    keys: 'g n',
  },
  commands: [
    {
      id: 'listeners.new',
      label: 'New listener',
      group: 'Listeners',
      keywords: ['create', 'add', 'rule', 'trigger'],
      needs: 'define',
      run: () => navigate(paths.newListener()),
    },
  ],
};
