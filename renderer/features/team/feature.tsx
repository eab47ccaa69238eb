import { IconUsers } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { paths } from '../../model/app/paths.ts';
import { AccountPage } from './account-page.tsx';
import { AuditPage } from './audit-page.tsx';
import { OperatorsPage } from './operators-page.tsx';

export const feature: Feature = {
  id: 'team',
  routes: [
    { path: '/operators', page: OperatorsPage },
    { path: '/audit', page: AuditPage },
    { path: '/account', page: AccountPage },
  ],
  nav: { label: 'Operators', icon: IconUsers, path: paths.operators(), section: 'app', order: 80, keys: 'g p' },
};
