import type { Via } from '../../../shared/contract/access/caller.ts';

/** How a caller was identified, for people. */
export const viaNames: Readonly<Record<Via, string>> = {
  session: 'Session',
  api_token: 'API token',
  proxy: 'Proxy',
  console_token: 'Console token',
  console_session: 'Console session',
  command: 'Command',
  window: 'Window',
  config_file: 'Config file',
  app: 'Signalbox',
};
