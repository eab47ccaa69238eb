import { dirname, join, resolve } from 'node:path';
import { createAccounts } from '../accounts/accounts.ts';
import { createAudit } from '../accounts/audit.ts';
import { createCluster } from '../cluster/cluster.ts';
import { shareDefinitions } from '../cluster/share-definitions.ts';
import { shareReplays } from '../cluster/share-replays.ts';
import { receiverRole, refuseStrayNode } from '../cluster/stray-node.ts';
import { operatorName } from '../console/auth/operator-name.ts';
import { createLiveFeed } from '../console/push/live-feed.ts';
import { defaultSettings } from '../definitions/changes/default-settings.ts';
import { createDefinitions } from '../definitions/definitions.ts';
import { runDemo } from '../demo/run-demo.ts';
import { createEnricher } from '../intake/enrich.ts';
import { createBulkReplays } from '../intake/replay/bulk-replays.ts';
import { createJobCatalog } from '../jobs/attempt/job-catalog.ts';
import { removeStrayFiles } from '../jobs/attempt/run-files.ts';
import { createJobEnvironment } from '../jobs/programs/job-environment.ts';
import { installJobApi } from '../jobs/script/job-api.ts';
import { createListenerIndex } from '../listeners/listener-index.ts';
import { createReceiver, type Receiver } from '../receiver/receiver.ts';
import { createBus } from '../runs/announcements.ts';
import { jobDeletedEvent } from '../runs/run-event.ts';
import { presets } from '../sources/presets.ts';
import { createSourceRegistry } from '../sources/source-registry.ts';
import { storedBytes } from '../store/database/database-size.ts';
import { isDiskFull } from '../store/database/storage-errors.ts';
import { countScheduled } from '../store/events/scheduled-events.ts';
import { noRoomAtAll } from '../upkeep/data-dir/data-folder.ts';
import { tryEntry } from '../upkeep/data-dir/unusable-entry.ts';
import { databaseBytes } from '../upkeep/database-bytes.ts';
import { startReadings } from '../upkeep/readings.ts';
import { startRetention } from '../upkeep/retention.ts';
import { composeAlarms } from './compose-alarms.ts';
import { composeHandlers } from './compose-handlers.ts';
import { readClusterOptions } from './config/cluster-config.ts';
import { createGivenConfig } from './config/given-config.ts';
import { openConfig } from './config/open-config.ts';
import { createEngine } from './engine.ts';
import { openFoundation } from './open-foundation.ts';
import { profileOf } from './options.ts';
import { type RestartDeps, startRestartable } from './restart.ts';
import type { Runtime, RuntimeOptions } from './runtime-types.ts';
import { checkSealed } from './secrets/sealed-check.ts';
import { createSecretStore, openSealer } from './secrets/secret-store.ts';
import { createSigningKeys } from './secrets/signing-keys.ts';
import { createConsoleServer } from './servers/console-server.ts';
import { chooseReceiverAddress } from './servers/receiver-address.ts';
import { createReceiverServer } from './servers/receiver-server.ts';
import { setReceiverAddress } from './servers/set-receiver-address.ts';
import { openActivityCounters } from './status/activity-counters.ts';
import { reportBrokenDefinitions, reportUnreadableScheduled } from './status/broken-definitions.ts';
import { startDefinitionPublisher } from './status/definition-publisher.ts';
import { createEventCounts } from './status/event-counts.ts';
import { reportInactive } from './status/inactive-destinations.ts';
import { createMetrics } from './status/metrics.ts';
import { publishAnnouncements } from './status/publish-announcements.ts';
import { watchRefusals } from './status/refusal-alerts.ts';
import { readStatus } from './status/status.ts';
import { startStatusPublisher } from './status/status-publisher.ts';
import { createStopOrder } from './stop-order.ts';
import { version } from './version.ts';

/**
 * The composition root: opens everything in the order of an event's way, and closes it in reverse. Throws StartError
 * for what its user can fix; then everything that was open is closed again.
 */
export const startRuntime = (options: RuntimeOptions): Promise<Runtime> => startRestartable(options, startOnce);

async function startOnce(options: RuntimeOptions, context: RestartDeps): Promise<Runtime> {
  const stopOrder = createStopOrder();
  try {
    return await compose(options, context, stopOrder);
  } catch (error) {
    await stopOrder.stop(() => undefined);
    if (isDiskFull(error)) throw noRoomAtAll(options.dataDir, error);
    throw error;
  }
}

async function compose(
  options: RuntimeOptions,
  context: RestartDeps,
  stopOrder: ReturnType<typeof createStopOrder>,
): Promise<Runtime> {
  const startedAtMs = Date.now();
  const { ending } = options;
  ending?.throwIfAborted();
  const { dataDir, jobsUser, log, changes, alerts, guarded } = await openFoundation(options, stopOrder, Date.now);
  ending?.throwIfAborted();
  const { hub, attention } = context;
  const bus = createBus();
  const { store, held } = guarded;
  const { db, writer: ownWriter, reader, indexer } = store;
  const consoleServer = createConsoleServer(options.console);
  const clusterOptions = await readClusterOptions(options);
  refuseStrayNode(db, clusterOptions, dataDir.path);
  const cluster =
    clusterOptions === null
      ? null
      : createCluster({
          options: clusterOptions,
          db,
          local: ownWriter,
          dataDir: dataDir.path,
          version,
          log,
          alerts,
          load: () => runner.counts(),
          consoleUrl: () => consoleServer.url(),
          onChanged: () => changes.emit('status'),
        });
  const shared = cluster ?? undefined;
  if (cluster !== null) stopOrder.add('cluster', () => cluster.stop());
  // What every node of a cluster stores is written by way of its log.
  const writer = cluster?.writer ?? ownWriter;
  const nowMs = cluster?.nowMs ?? Date.now;
  const counts = createEventCounts(reader, indexer, nowMs);
  const activity = openActivityCounters(db, ownWriter, log);
  stopOrder.add('activity', () => activity.stop());

  const sealer = openSealer({ db, dataDir: dataDir.path, secretBox: options.secretBox });
  const sealedCheck = checkSealed({ db, sealer, alerts });
  stopOrder.add('secrets', () => sealedCheck.stop());
  const secretStore = createSecretStore({ db, writer: ownWriter, sealer, baseDir: dataDir.path });
  const sourceRegistry = createSourceRegistry({ presets, readSecret: secretStore.read });
  const listenerIndex = createListenerIndex();
  const jobCatalog = createJobCatalog();
  // Definitions and the engine refer to each other: a job's environment to the settings, a deleted job to its event.
  const jobEnvironment = createJobEnvironment({
    inheritedNames: () => definitions.settings.get().inheritEnv,
    user: jobsUser,
    log,
  });
  if (options.loginShell !== undefined && options.loginShell !== null) {
    void jobEnvironment.readLoginShell(options.loginShell);
  }
  const ownDefinitions = createDefinitions({
    db,
    writer,
    ownWriter,
    isShared: cluster !== null,
    nowMs,
    sourceRegistry,
    presets,
    listenerIndex,
    jobCatalog,
    jobEnvironment,
    secretStore,
    defaultSettings: defaultSettings(),
    dataDir: dataDir.path,
    emitChanged(kind) {
      reportBrokenDefinitions(alerts, ownDefinitions.broken());
      missedEvents.follow(ownDefinitions.broken());
      changes.emit('definitions', kind);
      // A snooze may end with this change.
      bus.emit('run.waits', nowMs());
    },
    jobDeleted(tx, job) {
      lifecycle.closeBatchesOfDeletedJob(tx, job.spec.slug);
      destinations.remove(tx, job.spec.slug);
      if (ownEvents.isHeard('job:deleted')) ownEvents.record(tx, jobDeletedEvent(job.spec.slug));
    },
  });

  const definitions = cluster === null ? ownDefinitions : shareDefinitions(ownDefinitions, cluster.share, ownWriter);

  const { intake, lifecycle, planMatch, ownEvents, raise, schedule, batches, missedEvents, runner, destinations } =
    createEngine({
      db,
      writer,
      shared,
      bus,
      listeners: listenerIndex,
      catalog: jobCatalog,
      environment: jobEnvironment,
      readSecret: secretStore.read,
      signToken: (claims) => signingKeys.signToken(claims),
      onDestinationChanged() {
        reportInactive(alerts, destinations);
        changes.emit('definitions', 'jobs');
      },
      dataDir: dataDir.path,
      jobsUser,
      workerFiles: options.workerFiles,
      settings: () => definitions.settings.get(),
      log,
      nowMs,
      isWatched: () => attention.size > 0 || hub.hasClients(),
      onChanged: () => {
        if (!hub.hasClients('scheduledEvents.changed')) return;
        hub.publish('scheduledEvents.changed', { total: countScheduled(db) });
      },
      onUnreadable: (ids) => reportUnreadableScheduled(alerts, ids),
    });

  const liveFeed = createLiveFeed(db, hub, bus);
  stopOrder.add('live feed', () => liveFeed.stop());
  const refusalAlerts = watchRefusals(alerts, nowMs);
  stopOrder.add('refusal alerts', () => refusalAlerts.stop());
  const metrics = createMetrics({
    runs: () => runner.counts(),
    indexBehind: () => counts.indexBehind(),
    databaseBytes: () => databaseBytes(dataDir.databaseFile),
  });
  publishAnnouncements({ bus, hub, counts, indexer, activity, refusalAlerts, metrics, attention });

  await definitions.load();
  for (const row of definitions.broken()) log.error({ row }, 'a definition cannot be read and is left out');
  await cluster?.start(ending);
  const audit = createAudit({
    db,
    writer: ownWriter,
    log,
    localName: () => operatorName(definitions.settings.get().operatorName),
    nowMs,
  });
  const config = await openConfig({
    file: clusterOptions?.hasDefinitions === false ? null : options.configFile,
    definitions,
    workerFile: options.workerFiles.configWorker,
    alerts,
    held,
    ending,
    log,
    audit,
  });
  if (config !== null) stopOrder.add('config file', () => config.close());
  ending?.throwIfAborted();
  await held.attempt('job API', () =>
    tryEntry({ alerts, log }, { path: join(dataDir.path, 'jobs'), without: 'scripts cannot be kept there' }, () =>
      installJobApi(dataDir.path, options.workerFiles.scriptWorker, jobsUser),
    ),
  );

  const isRestart = context.receiver !== null;
  const chosen = context.receiver ?? chooseReceiverAddress(options, dataDir.path, log);
  const receiverServer = createReceiverServer({
    chosen,
    alerts,
    log,
    onMoved: (moved) => changes.emit('receiver', moved),
  });
  changes.on('receiver', (moved) => {
    context.receiver = moved;
  });
  const receiverUrl = (): string => receiverServer.url();
  const publicUrl = (): string => (definitions.settings.get().publicUrl || receiverUrl()).replace(/\/+$/, '');
  const signingKeys = createSigningKeys({ db, writer: ownWriter, sealer, issuer: publicUrl, nowMs });
  /** Why a cluster keeps this node from taking deliveries; null: nothing does. */
  const clusterProblem = (): string | null =>
    cluster === null || !cluster.options.roles.includes('receiver') ? receiverRole(cluster) : cluster.problem();
  const isAccepting = (): boolean =>
    !stopOrder.isStopping() && receiverServer.problem() === null && guarded.canTake() && clusterProblem() === null;
  let areRunsHeld = false;
  const profile = profileOf(dataDir.path);
  const status = () =>
    readStatus({
      version,
      mode: options.mode,
      startedAtMs,
      dataDir,
      profile,
      store,
      runner,
      counts,
      alerts,
      config,
      phase: () => {
        if (stopOrder.isStopping()) return context.isRestarting() ? 'restarting' : 'stopping';
        return areRunsHeld ? 'finishing' : 'running';
      },
      receiver: receiverServer,
      consoleUrl: consoleServer.url,
      isAccepting,
      cluster: () => cluster?.status() ?? null,
    });

  const { closeBatchOf } = lifecycle;
  const replayBase = { db, writer, bus, listeners: listenerIndex, plan: planMatch, closeBatchOf, nowMs };
  const replayDeps = {
    ...replayBase,
    shared: cluster === null ? undefined : shareReplays({ ...replayBase, jobs: jobCatalog }, cluster.share),
  };
  const bulkReplays = createBulkReplays({
    replay: replayDeps,
    reader,
    nowMs,
    onChanged: (replay) => hub.publish('replays.changed', [replay]),
  });

  // Alarms need the outages, which wake the app.
  let onWake = (): void => undefined;
  const wake = (): void => {
    runner.wake();
    schedule.wake();
    batches.wake();
    onWake();
  };
  const { backups, outageMonitor } = guarded.startGuards({
    settings: () => definitions.settings.get(),
    receiverProblem: () => receiverServer.problem(),
    hasConfigFile: config !== null,
    onBackupsChanged: (isWorking) => hub.publish('backups.changed', { isWorking }),
    onOutagesChanged: (isBlind) => hub.publish('blindWindows.changed', { isBlind }),
    restart: context.restart,
    onTimeJumped: wake,
  });

  const readings = startReadings({
    writer: ownWriter,
    log,
    nowMs,
    answers: metrics.answerCounts,
    queue: () => {
      const { waiting, running } = runner.counts();
      return { waiting, running };
    },
    databaseBytes: () => storedBytes(db),
    freeBytes: () => guarded.room().freeBytes,
  });
  stopOrder.add('readings', () => readings.stop());

  const alarms = composeAlarms({
    db,
    writer: ownWriter,
    isEvaluated: () => cluster?.isFirst() ?? true,
    reader,
    log,
    nowMs,
    definitions,
    readSecret: secretStore.read,
    freeBytes: () => guarded.room().freeBytes,
    stopBytes: guarded.room().stopBytes,
    reading: readings.now,
    blindWindows: () => outageMonitor.list(1000),
    linksTo: consoleServer.linksTo,
    hub,
    onChanged: () => changes.emit('alarms'),
  });
  stopOrder.add('alarms', () => alarms.stop());

  const examplesDir = resolve(dirname(options.workerFiles.scriptWorker), '../../resources/examples');
  const givenConfig = createGivenConfig({
    definitions,
    presets,
    workerFile: options.workerFiles.configWorker,
    followed: options.configFile,
  });
  stopOrder.add('given config', () => givenConfig.stop());
  const accounts = createAccounts({ db, writer: ownWriter, nowMs });
  const handlers = composeHandlers({
    ...replayDeps,
    ownWriter,
    commands: cluster?.commands,
    lifecycle,
    intake,
    reader,
    runner,
    destinations,
    bulkReplays,
    definitions,
    presets,
    sourceRegistry,
    jobCatalog,
    jobEnvironment,
    dataDir: dataDir.path,
    raise,
    schedule,
    activity,
    status,
    setReceiverAddress: (address) =>
      setReceiverAddress(receiverServer, { receiver: options.receiver, dataDir: dataDir.path }, address),
    blindWindows: outageMonitor.list,
    createSignInUrl: consoleServer.createSignInUrl,
    backups,
    receiverUrl,
    publicUrl,
    reading: readings.now,
    stopBytes: guarded.room().stopBytes,
    keys: signingKeys,
    givenConfig,
    examplesDir,
    alarms,
    onIncidents: alarms.announce,
    accounts,
    audit,
    defaultSettings: defaultSettings(),
    consoleLinks: (fragment) => consoleServer.linksTo(`/#${fragment}`),
    onCatalogChanged: (items) => hub.publish('catalog.changed', items),
    onViewsChanged: (items) => hub.publish('views.changed', items),
  });
  startDefinitionPublisher({ hub, log, handlers, changes });
  const statusPublisher = startStatusPublisher({ hub, status, activity, bus, changes });
  stopOrder.add('status publisher', () => statusPublisher.stop());

  if (!held.isHeld()) await held.attempt('runs', () => runner.start());
  stopOrder.add('destinations', () => destinations.stop());
  stopOrder.add('jobs', () => runner.stop(10_000));
  if (!held.isHeld()) schedule.start();
  if (!held.isHeld()) batches.start();
  stopOrder.add('scheduled events', () => schedule.stop());
  stopOrder.add('batches', () => batches.stop());
  stopOrder.add('replays', () => bulkReplays.stop());
  stopOrder.add('missed events', () => missedEvents.stop());
  const retention = startRetention({
    reader,
    writer: ownWriter,
    isInCluster: cluster !== null,
    indexer,
    settings: () => definitions.settings.get(),
    log,
    nowMs,
    onRemoved: (events) => {
      counts.removed(events);
      if (events > 0) removeStrayFiles(dataDir.path, db, jobsUser);
    },
  });
  stopOrder.add('retention', () => retention.stop());

  ending?.throwIfAborted();
  const openReceiver = (): Receiver =>
    createReceiver({
      registry: sourceRegistry,
      intake,
      enricher: createEnricher({ db, writer, commands: cluster?.commands, prioritize: runner.prioritize, nowMs }),
      signToken: signingKeys.signToken,
      jwks: signingKeys.jwks,
      settings: () => definitions.settings.get(),
      log,
      isReady: isAccepting,
      metrics,
      onConnectionRefused: refusalAlerts.noteConnectionRefused,
    });
  await receiverServer.open(openReceiver, isRestart);
  stopOrder.add('receiver', () => receiverServer.close());

  await consoleServer.open(dataDir.path, {
    handlers,
    pushHub: hub,
    sessions: context.sessions,
    codes: context.codes,
    team: { accounts, audit, readSecret: secretStore.read },
    log,
    version,
    rendererDir: options.rendererDir,
    registry: metrics.registry,
    readiness: () => (isAccepting() ? null : (clusterProblem() ?? 'deliveries are not accepted at the moment')),
    settings: () => definitions.settings.get(),
  });
  stopOrder.add('console', () => consoleServer.close());

  const publishOwner = (): Promise<void> =>
    dataDir.publish({
      receiverUrl: receiverUrl(),
      consoleUrl: consoleServer.url(),
      socketPath: consoleServer.socketPath(),
    });
  await publishOwner();
  changes.on('receiver', () => {
    publishOwner().catch((error: unknown) => log.warn({ err: error }, 'the new address could not be published'));
    changes.emit('definitions', 'sources');
    changes.emit('status');
  });
  outageMonitor.start();
  onWake = alarms.wake;
  if (!held.isHeld()) alarms.start();
  if (options.demo && !held.isHeld()) {
    const demo = await runDemo({
      handlers,
      receiverUrl: receiverUrl(),
      jobsDir: join(examplesDir, 'jobs'),
      log,
    });
    stopOrder.add('demo', () => demo.stop());
  }
  const warmUp = (): void => {
    if (held.isHeld()) return;
    runner.warmUp(listenerIndex.unattendedJobs());
    destinations.refresh();
  };
  warmUp();
  reportInactive(alerts, destinations);
  changes.on('definitions', (kind) => {
    // The number of runs at a time may have been raised.
    if (!held.isHeld() && (kind === 'settings' || kind === 'jobs')) runner.wake();
    warmUp();
  });
  log.info({ receiverUrl: receiverUrl(), consoleUrl: consoleServer.url(), startMs: nowMs() - startedAtMs }, 'ready');

  return {
    handlers,
    pushHub: hub,
    get receiverUrl() {
      return receiverUrl();
    },
    consoleUrl: consoleServer.url(),
    createSignInUrl: consoleServer.createSignInUrl,
    log,
    stop: (reason) => {
      log.info({ reason }, 'stopping');
      const stopped = stopOrder.stop((part, error) => log.error({ err: error, part }, 'a part did not stop cleanly'));
      changes.emit('status');
      return stopped;
    },
    holdRuns(isHeld) {
      areRunsHeld = isHeld;
      runner.hold(isHeld);
      changes.emit('status');
    },
    reload() {
      log.info({ configFile: options.configFile }, 'told to read the configuration again');
      config?.applyAgain();
    },
    wake,
    onAttention(listener) {
      attention.add(listener);
      return () => attention.delete(listener);
    },
  };
}
