/** Pages of the window that others than the window itself lead to. */
export const pagePaths = {
  inbox: () => '/inbox',
  run: (id: string) => `/runs/${encodeURIComponent(id)}`,
  settings: () => '/settings',
  source: (slug: string) => `/sources/${encodeURIComponent(slug)}`,
  job: (slug: string) => `/jobs/${encodeURIComponent(slug)}`,
  listener: (slug: string) => `/listeners/${encodeURIComponent(slug)}`,
  insights: () => '/insights',
};
