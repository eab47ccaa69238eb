import type { z } from 'zod';
import type { Caller } from './access/caller.ts';
import { alarmCalls } from './alarms.ts';
import { appCalls } from './app.ts';
import { approvalCalls } from './approvals.ts';
import { auditCalls } from './audit.ts';
import { backtestCalls } from './backtests.ts';
import { backupCalls } from './backups.ts';
import { catalogCalls } from './catalog.ts';
import { configCalls } from './config.ts';
import { deliveryCalls } from './deliveries.ts';
import { destinationCalls } from './destinations.ts';
import { eventExportCalls } from './event-exports.ts';
import { eventOrderCalls } from './event-orders.ts';
import { eventCalls } from './events.ts';
import { exampleCalls } from './examples.ts';
import { failureCalls } from './failures.ts';
import { insightCalls } from './insights.ts';
import { jobCalls } from './jobs.ts';
import { keyCalls } from './keys.ts';
import { listenerCalls } from './listeners.ts';
import { accountCalls, operatorCalls } from './operators.ts';
import { passkeyCalls } from './passkeys.ts';
import { runFileCalls } from './run-files.ts';
import { runCalls } from './runs.ts';
import { scheduledEventCalls } from './scheduled-events.ts';
import { settingsCalls } from './settings.ts';
import { sourceCalls } from './sources.ts';
import { statisticsCalls } from './statistics.ts';
import { typeSchemaCalls } from './type-schemas.ts';
import { viewCalls } from './views.ts';

/** Every call there is. Handlers, transports, the OpenAPI document and both sides' types derive from it. */
export const contract = {
  ...appCalls,
  ...sourceCalls,
  ...deliveryCalls,
  ...eventCalls,
  ...eventExportCalls,
  ...eventOrderCalls,
  ...viewCalls,
  ...statisticsCalls,
  ...typeSchemaCalls,
  ...insightCalls,
  ...listenerCalls,
  ...backtestCalls,
  ...jobCalls,
  ...destinationCalls,
  ...runCalls,
  ...approvalCalls,
  ...runFileCalls,
  ...failureCalls,
  ...alarmCalls,
  ...scheduledEventCalls,
  ...settingsCalls,
  ...configCalls,
  ...keyCalls,
  ...catalogCalls,
  ...exampleCalls,
  ...backupCalls,
  ...operatorCalls,
  ...accountCalls,
  ...passkeyCalls,
  ...auditCalls,
};

export type Contract = typeof contract;
export type CallName = keyof Contract;
/** What a caller may write. */
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
/** What a handler is given, after validation. */
export type Input<N extends CallName> = z.output<Contract[N]['input']>;
export type Output<N extends CallName> = z.output<Contract[N]['output']>;

export type Handler<N extends CallName> = (input: Input<N>, caller: Caller) => Output<N> | Promise<Output<N>>;
/** A missing handler does not compile. */
export type Handlers = { [N in CallName]: Handler<N> };

export const isCallName = (name: string): name is CallName => Object.hasOwn(contract, name);

export type { Caller } from './access/caller.ts';
export type { PushEnvelope, PushName, PushValue } from './pushes.ts';
