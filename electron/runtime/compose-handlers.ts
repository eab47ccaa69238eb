import { saverId } from '../../shared/contract/access/caller.ts';
import type { Status } from '../../shared/contract/app.ts';
import type { LocalType } from '../../shared/contract/catalog.ts';
import type { Caller, Handlers } from '../../shared/contract/index.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import type { View } from '../../shared/contract/views.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../accounts/audit.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { operatorName } from '../console/auth/operator-name.ts';
import type { SignInUrl } from '../console/auth/sign-in-codes.ts';
import { createAccountHandlers } from '../console/handlers/account.ts';
import { type AlarmHandlerDeps, createAlarmHandlers } from '../console/handlers/alarms.ts';
import { appHandlers } from '../console/handlers/app.ts';
import { createAuditHandlers } from '../console/handlers/audit.ts';
import { auditHandlers } from '../console/handlers/audited.ts';
import { createReadSubject } from '../console/handlers/audited-subject.ts';
import { createBackupHandlers } from '../console/handlers/backups.ts';
import { createCatalogHandlers } from '../console/handlers/catalog.ts';
import { type ConfigPorts, createConfigHandlers } from '../console/handlers/config.ts';
import { deliveryHandlers } from '../console/handlers/deliveries.ts';
import { createDestinationHandlers } from '../console/handlers/destinations.ts';
import { createEventExportHandlers } from '../console/handlers/event-exports.ts';
import { createEventOrderHandlers } from '../console/handlers/event-orders.ts';
import { type EventHandlerDeps, eventHandlers } from '../console/handlers/events.ts';
import { createExampleHandlers } from '../console/handlers/examples.ts';
import { createFailureHandlers } from '../console/handlers/failures.ts';
import { createInsightHandlers, type InsightHandlerDeps } from '../console/handlers/insights.ts';
import { createJobHandlers } from '../console/handlers/jobs.ts';
import { createKeyHandlers } from '../console/handlers/keys.ts';
import { createListenerHandlers } from '../console/handlers/listeners.ts';
import { createOperatorHandlers, type OperatorHandlerDeps } from '../console/handlers/operators.ts';
import { createRunHandlers } from '../console/handlers/runs.ts';
import { createScheduledEventHandlers } from '../console/handlers/scheduled-events.ts';
import { createSettingHandlers } from '../console/handlers/settings.ts';
import { createSourceHandlers } from '../console/handlers/sources.ts';
import { createStatisticsHandlers } from '../console/handlers/statistics.ts';
import { createSubscriptionHandlers } from '../console/handlers/subscriptions.ts';
import { createViewHandlers } from '../console/handlers/views.ts';
import type { Definitions } from '../definitions/definition-types.ts';
import type { Destinations } from '../destinations/destinations.ts';
import type { EventSchedule } from '../intake/event-schedule.ts';
import type { Intake } from '../intake/intake-types.ts';
import type { Raise } from '../intake/raise.ts';
import type { JobCatalog } from '../jobs/attempt/job-catalog.ts';
import type { JobRunner } from '../jobs/operator/runner-types.ts';
import type { JobEnvironment } from '../jobs/programs/job-environment.ts';
import { acceptStored } from '../receiver/delivery/accept-stored.ts';
import type { RunLifecycle } from '../runs/lifecycle.ts';
import type { SourceRegistry } from '../sources/source-registry.ts';
import type { Preset } from '../sources/source-types.ts';
import type { Saver } from '../store/definitions/jobs.ts';
import { getDelivery } from '../store/events/deliveries.ts';
import { readEventRow, toMatchable } from '../store/events/events.ts';
import { readShadowCount, readShadowMatches } from '../store/events/shadow-matches.ts';
import { countFailed, lastRunAtMs } from '../store/runs/run-counts.ts';
import type { BlindWindow } from '../store/upkeep/outages.ts';
import type { Commands } from '../store/write/commands.ts';
import type { Writer } from '../store/write/writer.ts';
import type { Backups } from '../upkeep/backups/backups.ts';
import type { Address } from './runtime-types.ts';
import type { SigningKeys } from './secrets/signing-keys.ts';
import type { ActivityCounters } from './status/activity-counters.ts';

export interface HandlerDeps extends EventHandlerDeps {
  /** Of this node's own store. */
  ownWriter: Writer;
  /** Present in a cluster. */
  commands: Commands | undefined;
  lifecycle: RunLifecycle;
  intake: Intake;
  runner: JobRunner;
  destinations: Destinations;
  definitions: Definitions;
  presets: ReadonlyMap<string, Preset>;
  sourceRegistry: SourceRegistry;
  jobCatalog: JobCatalog;
  jobEnvironment: JobEnvironment;
  dataDir: string;
  raise: Raise;
  schedule: EventSchedule;
  activity: ActivityCounters;
  status: () => Status;
  setReceiverAddress: (address: Address | null) => Promise<void>;
  blindWindows: (limit: number) => BlindWindow[];
  createSignInUrl: () => SignInUrl;
  backups: Backups;
  receiverUrl: () => string;
  /** Address under which others reach the receiver. */
  publicUrl: () => string;
  keys: SigningKeys;
  givenConfig: ConfigPorts;
  reading: InsightHandlerDeps['reading'];
  stopBytes: number;
  /** Where the examples lie. */
  examplesDir: string;
  alarms: Alarms;
  onIncidents: AlarmHandlerDeps['onIncidents'];
  accounts: Accounts;
  audit: Audit;
  defaultSettings: Settings;
  consoleLinks: OperatorHandlerDeps['consoleLinks'];
  onCatalogChanged: (items: LocalType[]) => void;
  onViewsChanged: (items: View[]) => void;
}

/** Every call of the contract, with the parts that answer it; what changes anything is noted in the audit log. */
export function composeHandlers(deps: HandlerDeps): Handlers {
  const readSubject = createReadSubject({ ...deps, directory: deps.accounts.directory });
  return auditHandlers(allHandlers(deps), { audit: deps.audit, readSubject });
}

function allHandlers(deps: HandlerDeps): Handlers {
  const { db, reader, runner, definitions, activity, nowMs } = deps;
  const nameOf = ({ account }: Caller): string =>
    account?.name ?? operatorName(definitions.settings.get().operatorName);
  const saverOf = (caller: Caller): Saver => ({ id: saverId(caller), name: nameOf(caller) });
  const jobActivity = (slug: string) => ({
    waiting: deps.jobCatalog.waiting(slug),
    running: runner.runningOf(slug),
    failed: countFailed(db, slug),
    lastRunAtMs: lastRunAtMs(db, slug),
  });
  return {
    ...appHandlers(deps),
    ...eventHandlers(deps),
    ...createEventExportHandlers(deps),
    ...createEventOrderHandlers(deps),
    ...createStatisticsHandlers(deps),
    ...createInsightHandlers(deps),
    ...deliveryHandlers({
      ...deps,
      acceptStored: (stored) => acceptStored(stored, { ...deps, registry: deps.sourceRegistry }),
    }),
    ...createRunHandlers({ ...deps, nameOf }),
    ...createFailureHandlers({ ...deps, nameOf }),
    ...createAlarmHandlers({ ...deps, writer: deps.ownWriter, nameOf, saverOf }),
    ...createScheduledEventHandlers({ ...deps, jobs: deps.jobCatalog, nameOf }),
    ...createSourceHandlers({
      definitions,
      presets: deps.presets,
      ports: {
        receiverUrl: deps.receiverUrl,
        sourceActivity: activity.ofSource,
        eventsOfDelivery: (id) => getDelivery(db, id)?.eventIds ?? [],
        registered: deps.sourceRegistry.get,
      },
    }),
    ...createSubscriptionHandlers({
      db,
      presetOf: (slug) => deps.sourceRegistry.get(slug)?.spec.preset ?? null,
    }),
    ...createListenerHandlers({
      definitions,
      saverOf,
      ports: {
        lastMatchedAtMs: activity.lastMatchedAtMs,
        readEventForMatching: async (id) => {
          const row = readEventRow(db, id);
          return row === null ? null : toMatchable(db, row);
        },
        recentEvents: (limit, { source }) =>
          reader.read('recentEvents', { limit, source: source ?? null, nowMs: nowMs() }),
        shadowMatches: (slug, version, limit) => ({
          count: readShadowCount(db, slug, version),
          rows: readShadowMatches(db, slug, version, limit),
        }),
        backtest: (request) => reader.read('backtest', { ...request, nowMs: nowMs() }),
      },
    }),
    ...createJobHandlers({
      definitions,
      saverOf,
      environment: deps.jobEnvironment,
      ports: {
        jobActivity,
        testRun: (input) => runner.testRun(input),
      },
    }),
    ...createDestinationHandlers({ ...deps, saverOf, ports: { jobActivity } }),
    ...createSettingHandlers(definitions, deps.accounts.directory.hasUsableAdmin),
    ...createConfigHandlers(deps.givenConfig, saverOf),
    ...createKeyHandlers(deps),
    ...createCatalogHandlers(deps),
    ...createViewHandlers({ ...deps, writer: deps.ownWriter, nameOf }),
    ...createExampleHandlers(deps),
    ...createBackupHandlers(deps),
    ...createOperatorHandlers(deps),
    ...createAccountHandlers({ ...deps, nameOf }),
    ...createAuditHandlers(deps.audit),
  };
}
