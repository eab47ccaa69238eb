import type { Settings } from '../../../shared/contract/settings.ts';

/** Asked at every request, so that a change counts immediately. */
export type ConsoleSettings = Pick<Settings, 'consoleUrl' | 'trustedProxies'> & Partial<Pick<Settings, 'access'>>;
