import { IconTerminal2 } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const JobsPage = lazyPage(() => import('./jobs-page.tsx'), 'JobsPage');

export const feature: Feature = {
  id: 'jobs',
  routes: [
    { path: '/jobs', page: JobsPage },
    { path: '/jobs/new', page: JobsPage },
    { path: '/jobs/:slug', page: JobsPage },
  ],
  nav: { label: 'Jobs', icon: IconTerminal2, path: paths.jobs(), section: 'define', order: 50, keys: 'g j' },
  commands: [
    {
      id: 'jobs.new',
      label: 'New job',
      group: 'Jobs',
      keywords: ['create', 'add', 'command', 'script'],
      needs: 'define',
      run: () => navigate(paths.newJob()),
    },
  ],
};
