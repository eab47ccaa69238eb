import { IconSettings } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { paths } from '../../model/app/paths.ts';

const SettingsPage = lazyPage(() => import('./settings-page.tsx'), 'SettingsPage');

export const feature: Feature = {
  id: 'settings',
  routes: [{ path: '/settings', page: SettingsPage }],
  nav: { label: 'Settings', icon: IconSettings, path: paths.settings(), section: 'app', order: 90, keys: 'g s' },
};
