import type { ComponentType } from 'react';
import type { Command } from './commands.ts';

export interface PageProps {
  /** `/runs/:id` → `params.id`, decoded. */
  params: Record<string, string>;
  search: URLSearchParams;
}

export interface NavCount {
  value: number;
  tone: 'quiet' | 'attention' | 'failed';
}

export interface FeatureNav {
  label: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  path: string;
  section: 'watch' | 'define' | 'app';
  order: number;
  /** Chord that opens it, e.g. `g l`. */
  keys?: string;
  /** A hook. */
  useCount?: () => NavCount | null;
}

/** What `features/<name>/feature.tsx` exports as `feature`. */
export interface Feature {
  id: string;
  routes: readonly { path: string; page: ComponentType<PageProps> }[];
  nav?: FeatureNav;
  commands?: readonly Command[];
  /** Always there, over the pages. */
  overlay?: ComponentType;
  /** Started once the line is up; returns how to stop. */
  mount?: () => () => void;
}
