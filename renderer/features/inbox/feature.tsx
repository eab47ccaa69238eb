import { IconInbox } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { paths } from '../../model/app/paths.ts';
import { followAlarmInbox } from '../../model/definitions/alarm-inbox.ts';
import { followInbox } from '../../model/runs/inbox-list.ts';
import { useInboxCount } from './use-inbox-count.ts';

const InboxPage = lazyPage(() => import('./inbox-page.tsx'), 'InboxPage');

export const feature: Feature = {
  id: 'inbox',
  routes: [{ path: '/inbox', page: InboxPage }],
  nav: {
    label: 'Inbox',
    icon: IconInbox,
    path: paths.inbox(),
    section: 'watch',
    order: 20,
    keys: 'g i',
    useCount: () => {
      const waiting = useInboxCount();
      return waiting === 0 ? null : { value: waiting, tone: 'attention' };
    },
  },
  mount: () => {
    const stops = [followInbox(), followAlarmInbox()];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
