import { IconWebhook } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const SourcesPage = lazyPage(() => import('./sources-page.tsx'), 'SourcesPage');

export const feature: Feature = {
  id: 'sources',
  routes: [
    { path: '/sources', page: SourcesPage },
    { path: '/sources/new', page: SourcesPage },
    { path: '/sources/:slug', page: SourcesPage },
  ],
  nav: { label: 'Sources', icon: IconWebhook, path: paths.sources(), section: 'define', order: 60, keys: 'g o' },
  commands: [
    {
      id: 'sources.new',
      label: 'New source',
      group: 'Sources',
      keywords: ['create', 'add', 'webhook', 'url', 'endpoint'],
      needs: 'define',
      run: () => navigate(paths.newSource()),
    },
  ],
};
