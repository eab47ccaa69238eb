import { IconActivity } from '@tabler/icons-react';
import type { Feature } from '../../stores/feature.ts';
import { followLive } from '../../stores/live.ts';
import { followReplays } from '../../stores/replays.ts';
import { LivePage } from './live-page.tsx';

export const feature: Feature = {
  id: 'live',
  routes: [
    { path: '/live', page: LivePage },
    { path: '/live/:id', page: LivePage },
  ],
  nav: { label: 'Live', icon: IconActivity, path: '/live', section: 'watch', order: 10, keys: 'g l' },
  mount() {
    const stops = [followLive(), followReplays()];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
