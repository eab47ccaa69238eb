import { defaultAccess } from '../../shared/contract/access/access-settings.ts';
import type { Status } from '../../shared/contract/app.ts';
import type { EventItem } from '../../shared/contract/events.ts';
import type { Settings } from '../../shared/contract/settings.ts';

export const sampleStatus: Status = {
  version: '0.1.0',
  mode: 'headless',
  startedAt: '2026-01-02T03:04:05.000Z',
  dataDir: '/data',
  profile: null,
  phase: 'running',
  receiver: {
    url: 'http://127.0.0.1:8787',
    accepting: true,
    host: '127.0.0.1',
    port: 8787,
    setBy: 'default',
    problem: null,
  },
  consoleUrl: null,
  config: null,
  events: { total: 7, perMinute: 1 },
  runs: { waiting: 0, running: 1, inbox: 0 },
  index: { behind: 0 },
  databaseBytes: 4096,
  alerts: [],
};

export const sampleSettings: Settings = {
  operatorName: '',
  acceptedHosts: [],
  publicUrl: '',
  consoleUrl: '',
  trustedProxies: [],
  concurrency: 2,
  inheritEnv: [],
  retention: { days: 30, events: 100_000, bytes: 2 ** 31, outputDays: 14 },
  notifyOnFailure: true,
  keepInTray: false,
  backupDaily: true,
  backupsKept: 7,
  access: defaultAccess,
  smtp: { host: '', port: 587, security: 'starttls', user: '', password: null, from: '' },
};

export const sampleEvent = (id: string): EventItem => ({
  id,
  source: 'crm',
  system: 'crm',
  type: 'user:created',
  externalId: null,
  occurredAt: null,
  receivedAt: '2026-01-02T03:04:05.000Z',
  context: {},
  payload: { id },
  deliveryId: null,
  verification: { state: 'none', scheme: null, detail: null },
  replayOf: null,
  causedBy: null,
  ignored: true,
  chainStopped: false,
  runs: [],
});
