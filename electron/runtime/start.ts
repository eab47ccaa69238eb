import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import type { Handlers } from '../../shared/contract/index.ts';
import { errorText } from '../../shared/error-text.ts';
import { consoleTokenFile, readOrCreateConsoleToken } from '../console/console-token.ts';
import { type ConsoleServer, type SignInUrl, startConsoleServer } from '../console/http-server.ts';
import { createLiveFeed } from '../console/live-feed.ts';
import { defaultSettings } from '../definitions/default-settings.ts';
import { createDefinitions } from '../definitions/definitions.ts';
import { runDemo } from '../demo/run-demo.ts';
import { createBulkReplays } from '../intake/bulk-replays.ts';
import { createEnricher } from '../intake/enrich.ts';
import { createJobCatalog } from '../jobs/attempt/job-catalog.ts';
import { removeStrayFiles } from '../jobs/attempt/run-files.ts';
import { createJobEnvironment } from '../jobs/programs/job-environment.ts';
import { installJobApi } from '../jobs/script/job-api.ts';
import { createListenerIndex } from '../listeners/listener-index.ts';
import { createReceiver } from '../receiver/receiver.ts';
import { createBus } from '../runs/announcements.ts';
import { jobDeletedEvent } from '../runs/run-event.ts';
import { presets } from '../sources/presets.ts';
import { createSourceRegistry } from '../sources/source-registry.ts';
import { countScheduled } from '../store/scheduled-events.ts';
import { isDiskFull } from '../store/storage-errors.ts';
import { createAlerts } from '../upkeep/alerts.ts';
import { openDataDir } from '../upkeep/data-dir/data-dir.ts';
import { noRoomAtAll } from '../upkeep/data-dir/data-folder.ts';
import { tryEntry } from '../upkeep/data-dir/unusable-entry.ts';
import { databaseBytes } from '../upkeep/database-bytes.ts';
import { openGuardedStore } from '../upkeep/guarded-store.ts';
import { startRetention } from '../upkeep/retention.ts';
import { StartError } from '../upkeep/start-error.ts';
import { composeHandlers } from './compose-handlers.ts';
import { createConfigFile } from './config/config-file.ts';
import { createEngine } from './engine.ts';
import { admitJobsUser, readJobsUser } from './jobs-user-option.ts';
import { listening } from './listening.ts';
import { openLog } from './log/log.ts';
import { profileOf } from './options.ts';
import { chooseReceiverAddress, keepReceiverAddress } from './receiver-address.ts';
import { createReceiverDoor } from './receiver-door.ts';
import { type RestartContext, startRestartable } from './restart.ts';
import { type Address, defaultReceiver, type Runtime, type RuntimeOptions } from './runtime-types.ts';
import { createSecretStore, openSealer } from './secrets/secret-store.ts';
import { createSigningKeys } from './secrets/signing-keys.ts';
import { openActivityCounters } from './status/activity-counters.ts';
import { reportBrokenDefinitions, reportUnreadableScheduled } from './status/broken-definitions.ts';
import { createDefinitionPublisher } from './status/definition-publisher.ts';
import { createEventCounts } from './status/event-counts.ts';
import { createMetrics } from './status/metrics.ts';
import { watchRefusals } from './status/refusal-alerts.ts';
import { readStatus } from './status/status.ts';
import { type StatusPublisher, startStatusPublisher } from './status/status-publisher.ts';
import { createStopOrder } from './stop-order.ts';
import { version } from './version.ts';

/**
 * The composition root: opens everything in the order of an event's way, and closes it in reverse. Throws StartError
 * for what its user can fix; then everything that was open is closed again.
 */
export const startRuntime = (options: RuntimeOptions): Promise<Runtime> => startRestartable(options, startOnce);

async function startOnce(options: RuntimeOptions, context: RestartContext): Promise<Runtime> {
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
  context: RestartContext,
  stopOrder: ReturnType<typeof createStopOrder>,
): Promise<Runtime> {
  const nowMs = Date.now;
  const startedAtMs = nowMs();
  const { ending } = options;
  ending?.throwIfAborted();
  const jobsUser = readJobsUser(options.jobsUser ?? null);
  const dataDir = openDataDir(options.dataDir, options.configFile);
  stopOrder.add('data directory', () => dataDir.release());
  const { log, close: closeLog } = openLog(dataDir.path, options.logLevel);
  stopOrder.add('log', closeLog);
  admitJobsUser(jobsUser, dataDir.path, options.workerFiles);
  if (jobsUser !== null) log.info({ user: jobsUser.name, uid: jobsUser.uid }, 'jobs run as a user of their own');
  const { gaveUp } = dataDir;
  if (gaveUp.length > 0) log.warn({ gaveUp }, 'the disk is full: these were given up so that the start finds room');

  // Called before these exist, while no client is connected yet.
  let statusPublisher: StatusPublisher | null = null;
  let handlers: Handlers | null = null;
  const { hub } = context;
  const bus = createBus();
  const publishDefinitions = createDefinitionPublisher(hub, log, () => handlers);
  const alerts = createAlerts(nowMs, () => statusPublisher?.changed());
  if (dataDir.warning !== null) alerts.raise('data_dir_open', 'warning', dataDir.warning);
  const guarded = await openGuardedStore({ options, dataDir, stopOrder, alerts, log, nowMs });
  ending?.throwIfAborted();
  const { store, held } = guarded;
  const { db, writer, reader, indexer } = store;
  const counts = createEventCounts(reader, indexer, nowMs);
  const activity = openActivityCounters(db, writer, log);
  stopOrder.add('activity', () => activity.stop());

  const sealer = openSealer({ db, dataDir: dataDir.path, secretBox: options.secretBox });
  const secretStore = createSecretStore({ db, writer, sealer, baseDir: dataDir.path });
  const sourceRegistry = createSourceRegistry({ presets, readSecret: secretStore.read });
  const listenerIndex = createListenerIndex();
  const jobCatalog = createJobCatalog();
  const jobEnvironment = createJobEnvironment({
    inheritedNames: () => definitions.settings.get().inheritEnv,
    user: jobsUser,
    log,
  });
  if (options.loginShell !== undefined && options.loginShell !== null) {
    void jobEnvironment.readLoginShell(options.loginShell);
  }
  const definitions = createDefinitions({
    db,
    writer,
    sourceRegistry,
    presets,
    listenerIndex,
    jobCatalog,
    jobEnvironment,
    secretStore,
    defaultSettings: defaultSettings(),
    dataDir: dataDir.path,
    emitChanged(kind) {
      reportBrokenDefinitions(alerts, definitions.broken());
      publishDefinitions(kind);
    },
    jobDeleted(tx, job) {
      if (ownEvents.isHeard('job:deleted')) ownEvents.record(tx, jobDeletedEvent(job.spec.slug));
    },
  });

  const liveFeed = createLiveFeed(db, hub, bus);
  stopOrder.add('live feed', () => liveFeed.stop());

  bus.on('events.stored', (seqs) => {
    counts.added(seqs);
    indexer.wake();
  });
  bus.on('listener.matched', activity.noteMatched);
  bus.on('delivery.accepted', activity.noteAccepted);
  bus.on('delivery.refused', ({ source, code, message, atMs }) => {
    if (source !== null) activity.noteRefused(source, code, message, atMs);
  });
  const refusalAlerts = watchRefusals(alerts, nowMs);
  stopOrder.add('refusal alerts', () => refusalAlerts.stop());
  bus.on('delivery.refused', refusalAlerts.noteRefused);

  const { attention } = context;
  bus.on('runs.changed', (runs) => {
    hub.publish('runs.changed', runs);
    statusPublisher?.runsChanged();
    const waiting = runs.filter((run) => run.needsAttention !== null);
    if (waiting.length > 0) for (const tell of attention) tell(waiting);
  });
  bus.on('run.ended', (job, state) => metrics.runEnded(job, state));
  bus.on('run.progressed', (id, progress, steps) => hub.publish('runs.progressed', [{ id, progress, steps }]));
  bus.on('run.wrote', (runId, attempt, lines) =>
    hub.publish(
      'runs.wrote',
      lines.map((line) => ({ ...line, runId, attempt })),
    ),
  );

  const { intake, lifecycle, ownEvents, raise, schedule, runner } = createEngine({
    db,
    writer,
    bus,
    listeners: listenerIndex,
    catalog: jobCatalog,
    environment: jobEnvironment,
    readSecret: secretStore.read,
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

  await definitions.load();
  for (const row of definitions.broken()) log.error({ row }, 'a definition cannot be read and is left out');
  const config =
    options.configFile === null
      ? null
      : createConfigFile({
          file: options.configFile,
          definitions,
          presets,
          log,
          workerFile: options.workerFiles.configWorker,
          onStatus: ({ error }) => {
            if (error === null) alerts.clear('config_rejected');
            else alerts.raise('config_rejected', 'error', `The changed config file is not applied: ${error}`);
          },
        });
  if (config !== null) {
    ending?.addEventListener('abort', () => void config.close(), { once: true });
    // Without a change nothing is written.
    await held.attempt('config file', () => config.applyAtStart());
    await config.follow();
    stopOrder.add('config file', () => config.close());
  }
  ending?.throwIfAborted();
  await held.attempt('job API', () =>
    tryEntry({ alerts, log }, { path: join(dataDir.path, 'jobs'), without: 'scripts cannot be kept there' }, () =>
      installJobApi(dataDir.path, options.workerFiles.scriptWorker, jobsUser),
    ),
  );

  const metrics = createMetrics({
    runs: () => runner.counts(),
    indexBehind: () => counts.indexBehind(),
    databaseBytes: () => databaseBytes(dataDir.databaseFile),
  });
  const isRestart = context.receiver !== null;
  let isReady = false;
  function publishOwner(): Promise<void> {
    return dataDir.publish({ receiverUrl: receiverUrl(), consoleUrl: consoleServer?.url ?? null });
  }
  const door = createReceiverDoor({
    create: () =>
      createReceiver({
        registry: sourceRegistry,
        intake,
        enricher: createEnricher({ db, writer, prioritize: runner.prioritize, nowMs }),
        signToken: signingKeys.signToken,
        jwks: signingKeys.jwks,
        settings: () => definitions.settings.get(),
        log,
        isReady: isAccepting,
        metrics,
        onConnectionRefused: refusalAlerts.noteConnectionRefused,
      }),
    chosen: context.receiver ?? chooseReceiverAddress(options, dataDir.path, log),
    alerts,
    log,
    onMoved(chosen) {
      context.receiver = chosen;
      if (!isReady) return;
      publishOwner().catch((error: unknown) => log.warn({ err: error }, 'the new address could not be published'));
      publishDefinitions('sources');
      statusPublisher?.changed();
    },
  });
  async function setReceiverAddress(address: Address | null): Promise<void> {
    if (door.chosen().setBy === 'options') {
      await door.move({ address: address ?? options.receiver ?? defaultReceiver, setBy: 'options' });
      return;
    }
    await door.move({ address: address ?? defaultReceiver, setBy: address === null ? 'default' : 'setting' });
    await keepReceiverAddress(dataDir.path, address);
  }
  const isAccepting = (): boolean => !stopOrder.isStopping() && door.problem() === null && guarded.canTake();
  const receiverUrl = (): string => door.url();
  let consoleServer: ConsoleServer | null = null;
  const createSignInUrl = (): SignInUrl => {
    if (consoleServer !== null) return consoleServer.createSignInUrl();
    throw new AppError('unavailable', 'This Signalbox has no console for browsers. Start it with --console HOST:PORT.');
  };
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
      phase: () => (stopOrder.isStopping() ? 'stopping' : areRunsHeld ? 'finishing' : 'running'),
      receiver: door,
      consoleUrl: () => consoleServer?.url ?? null,
      isAccepting,
    });

  const replayDeps = { db, writer, bus, listeners: listenerIndex, plan: lifecycle.plan, nowMs };
  const bulkReplays = createBulkReplays({
    replay: replayDeps,
    reader,
    nowMs,
    onChanged: (replay) => hub.publish('replays.changed', [replay]),
  });

  const wake = (): void => {
    runner.wake();
    schedule.wake();
  };
  const { backups, outageMonitor } = guarded.startGuards({
    settings: () => definitions.settings.get(),
    receiverProblem: () => door.problem(),
    hasConfigFile: config !== null,
    onBackupsChanged: (isWorking) => hub.publish('backups.changed', { isWorking }),
    onOutagesChanged: (isBlind) => hub.publish('blindWindows.changed', { isBlind }),
    restart: context.restart,
    onTimeJumped: wake,
  });

  const publicUrl = (): string => (definitions.settings.get().publicUrl || receiverUrl()).replace(/\/+$/, '');
  const signingKeys = createSigningKeys({ db, writer, sealer, issuer: publicUrl, nowMs });
  const examplesDir = resolve(dirname(options.workerFiles.scriptWorker), '../../resources/examples');
  const composed = composeHandlers({
    ...replayDeps,
    reader,
    runner,
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
    setReceiverAddress,
    blindWindows: outageMonitor.list,
    createSignInUrl,
    backups,
    receiverUrl,
    publicUrl,
    keys: signingKeys,
    examplesDir,
    onCatalogChanged: (items) => hub.publish('catalog.changed', items),
  });
  handlers = composed;
  const news = startStatusPublisher({ hub, status, activity, publishDefinitions });
  statusPublisher = news;
  stopOrder.add('status news', () => news.stop());

  if (!held.isHeld()) await held.attempt('runs', () => runner.start());
  stopOrder.add('jobs', () => runner.stop(10_000));
  if (!held.isHeld()) schedule.start();
  stopOrder.add('scheduled events', () => schedule.stop());
  stopOrder.add('replays', () => bulkReplays.stop());
  const retention = startRetention({
    reader,
    writer,
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
  await door.open(isRestart);
  stopOrder.add('receiver', () => door.close());

  if (options.console !== null) {
    const server = await listening(
      '--console',
      options.console,
      startConsoleServer({
        ...options.console,
        token: await consoleToken(dataDir.path),
        handlers: composed,
        pushHub: hub,
        sessions: context.sessions,
        codes: context.codes,
        log,
        version,
        rendererDir: options.rendererDir,
        registry: metrics.registry,
        readiness: () => (isAccepting() ? null : 'deliveries are not accepted at the moment'),
        settings: () => definitions.settings.get(),
      }),
    );
    consoleServer = server;
    stopOrder.add('console', () => server.close());
  }

  await publishOwner();
  isReady = true;
  outageMonitor.start();
  if (options.demo && !held.isHeld()) {
    const demo = await runDemo({
      handlers: composed,
      receiverUrl: receiverUrl(),
      jobsDir: join(examplesDir, 'jobs'),
      log,
    });
    stopOrder.add('demo', () => demo.stop());
  }
  log.info({ receiverUrl: receiverUrl(), consoleUrl: consoleServer?.url, startMs: nowMs() - startedAtMs }, 'ready');

  return {
    handlers: composed,
    pushHub: hub,
    get receiverUrl() {
      return receiverUrl();
    },
    consoleUrl: consoleServer?.url ?? null,
    createSignInUrl,
    log,
    stop: (reason) => {
      log.info({ reason }, 'stopping');
      const stopped = stopOrder.stop((part, error) => log.error({ err: error, part }, 'a part did not stop cleanly'));
      news.changed();
      return stopped;
    },
    holdRuns(isHeld) {
      areRunsHeld = isHeld;
      runner.hold(isHeld);
      news.changed();
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

async function consoleToken(dataDir: string): Promise<string> {
  try {
    return await readOrCreateConsoleToken(dataDir);
  } catch (error) {
    throw new StartError(
      'data_dir_unusable',
      `the console token in ${consoleTokenFile(dataDir)} cannot be used: ${errorText(error)}; move it away and start again`,
      { cause: error },
    );
  }
}
