import { pagePaths } from '../../../shared/page-paths.ts';

const segment = encodeURIComponent;

const withSearch = (path: string, search: Record<string, string | undefined>): string => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (value !== undefined && value !== '') params.set(key, value);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** How Live shows its events besides its query, as its address has it. */
export interface LiveSearch {
  /** Id of a saved view. */
  view?: string | undefined;
  cols?: string | undefined;
  sort?: string | undefined;
  group?: string | undefined;
}

/** Filters of the list of runs besides its query. */
interface RunsSearch {
  state?: readonly string[];
  job?: string;
  /** Id of a saved view. */
  view?: string | undefined;
}

const runsSearch = (query: string | undefined, { state, job, view }: RunsSearch) => ({
  view,
  q: query,
  state: state?.join(','),
  job,
});

/** Every address of the window, for links and `navigate`. */
export const paths = {
  live: (query?: string, { view, ...look }: LiveSearch = {}) => withSearch('/live', { view, q: query, ...look }),
  event: (id: string, query?: string, { view, ...look }: LiveSearch = {}) =>
    withSearch(`/live/${segment(id)}`, { view, q: query, ...look }),
  /** A list as it was saved. */
  view: ({ id, page, query }: { id: string; page: 'live' | 'runs'; query: string }) =>
    withSearch(`/${page}`, { view: id, q: query }),
  /** Opened at why its listeners match it or not. */
  eventWhy: (id: string) => withSearch(`/live/${segment(id)}`, { tab: 'why' }),
  compare: (a: string, b: string) => withSearch('/live/compare', { a, b }),
  schema: (source: string | null, type: string) => withSearch('/live/schema', { source: source ?? undefined, type }),
  raise: () => '/live/raise',
  scheduled: () => '/live/scheduled',
  /** From an empty app to the first run. */
  start: () => '/live/start',
  ...pagePaths,
  runs: (query?: string, filter: RunsSearch = {}) => withSearch('/runs', runsSearch(query, filter)),
  /** A run beside the list that it was opened from. */
  listedRun: (id: string, query: string, filter: RunsSearch, isFull = false) =>
    withSearch(`/runs/${segment(id)}`, { ...runsSearch(query, filter), full: isFull ? '1' : undefined }),
  failures: (state?: string) => withSearch('/failures', { state }),
  failure: (id: string, state?: string) => withSearch(`/failures/${segment(id)}`, { state }),
  listeners: () => '/listeners',
  /** `field` and `value` (JSON): a condition that it begins with. */
  newListener: (from: { event?: string; field?: string; value?: string } = {}) => withSearch('/listeners/new', from),
  jobs: () => '/jobs',
  newJob: () => '/jobs/new',
  destinations: () => '/destinations',
  destination: (job: string) => `/destinations/${segment(job)}`,
  sources: () => '/sources',
  /** The deliveries of a source with one result, or all; `query` narrows them by time and words. */
  deliveries: (slug: string, { result, query }: { result?: string; query?: string } = {}) =>
    withSearch(`/sources/${segment(slug)}`, { tab: 'deliveries', result, q: query }),
  newSource: () => '/sources/new',
  alarms: () => '/alarms',
  alarm: (slug: string) => `/alarms/${segment(slug)}`,
  newAlarm: () => '/alarms/new',
  operators: () => '/operators',
  audit: () => '/audit',
  account: () => '/account',
  connections: () => '/connections',
};

export const hrefOf = (path: string): string => `#${path}`;
