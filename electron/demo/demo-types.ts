import type { CallInput } from '../../shared/contract/index.ts';

/** What the demo starts with: a source of each system, jobs of both kinds, listeners of every shape. */
export interface DemoDefinitions {
  sources: CallInput<'sources.create'>[];
  jobs: CallInput<'jobs.create'>[];
  listeners: CallInput<'listeners.create'>[];
}

/** What goes to `/in/<path>`. */
export interface DemoRequest {
  path: string;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}
