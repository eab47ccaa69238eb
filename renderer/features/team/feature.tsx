import { IconUsers } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { paths } from '../../model/app/paths.ts';

const AccountPage = lazyPage(() => import('./account-page.tsx'), 'AccountPage');
const AuditPage = lazyPage(() => import('./audit-page.tsx'), 'AuditPage');
const OperatorsPage = lazyPage(() => import('./operators-page.tsx'), 'OperatorsPage');

export const feature: Feature = {
  id: 'team',
  routes: [
    { path: '/operators', page: OperatorsPage },
    { path: '/audit', page: AuditPage },
    { path: '/account', page: AccountPage },
  ],
  nav: { label: 'Operators', icon: IconUsers, path: paths.operators(), section: 'app', order: 80, keys: 'g p' },
};
