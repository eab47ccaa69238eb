import { IconSend } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { paths } from '../../model/app/paths.ts';

const DestinationsPage = lazyPage(() => import('./destinations-page.tsx'), 'DestinationsPage');

export const feature: Feature = {
  id: 'destinations',
  routes: [
    { path: '/destinations', page: DestinationsPage },
    { path: '/destinations/:job', page: DestinationsPage },
  ],
  nav: { label: 'Destinations', icon: IconSend, path: paths.destinations(), section: 'define', order: 55, keys: 'g d' },
};
