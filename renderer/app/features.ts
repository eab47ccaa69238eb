import type { Feature } from '../model/app/feature.ts';

const found = import.meta.glob<{ feature: Feature }>('../features/*/feature.tsx', { eager: true });

/** Every folder under features/ that has a feature.tsx, in the order of the navigation. */
export const features: readonly Feature[] = Object.values(found)
  .map((module) => module.feature)
  .sort((a, b) => (a.nav?.order ?? 1000) - (b.nav?.order ?? 1000));
