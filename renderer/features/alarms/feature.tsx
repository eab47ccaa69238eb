import { IconBell } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const AlarmsPage = lazyPage(() => import('./alarms-page.tsx'), 'AlarmsPage');

export const feature: Feature = {
  id: 'alarms',
  routes: [
    { path: '/alarms', page: AlarmsPage },
    { path: '/alarms/new', page: AlarmsPage },
    { path: '/alarms/:slug', page: AlarmsPage },
  ],
  nav: { label: 'Alarms', icon: IconBell, path: paths.alarms(), section: 'define', order: 65, keys: 'g a' },
  commands: [
    {
      id: 'alarms.new',
      label: 'New alarm',
      group: 'Alarms',
      keywords: ['create', 'add', 'notify', 'silent', 'failure rate', 'slack', 'email'],
      needs: 'define',
      run: () => navigate(paths.newAlarm()),
    },
  ],
};
