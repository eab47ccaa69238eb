import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { answerBoundsMs } from '../../../shared/answer-times.ts';
import type { ReceiverMetrics } from '../../receiver/delivery/delivery-pipeline.ts';

export interface Metrics extends ReceiverMetrics {
  registry: Registry;
  runEnded(job: string, state: string): void;
  /** Of all deliveries answered since the start, by time; see shared/answer-times.ts. */
  answerCounts(): Promise<number[]>;
}

export interface MetricReadings {
  runs(): { waiting: number; running: number };
  indexBehind(): number;
  databaseBytes(): number;
}

/**
 * How often the event loop's lag is sampled. prom-client's default of 10 ms wakes an idle process 100 times a second,
 * which is 4 % of a core.
 */
const lagSampleMs = 100;

const durationName = 'signalbox_delivery_seconds';

let processRegistry: Registry | null = null;

/** Of the process and not of one start within it: restarts share it, since its histogram cannot be stopped. */
function readProcessMetrics(): Promise<string> {
  if (processRegistry === null) {
    processRegistry = new Registry();
    collectDefaultMetrics({
      register: processRegistry,
      prefix: 'signalbox_',
      eventLoopMonitoringPrecision: lagSampleMs,
    });
  }
  return processRegistry.metrics();
}

/** Samples nothing of the process before the first scrape: an app without a scraper stays idle. */
class ScrapedRegistry extends Registry {
  override async metrics(): Promise<string> {
    return `${await super.metrics()}\n${await readProcessMetrics()}`;
  }
}

/** What `/metrics` on the console tells. Labels come from definitions, never from what a sender sends. */
export function createMetrics(readings: MetricReadings): Metrics {
  const registry = new ScrapedRegistry();
  const registers = [registry];
  const answers = new Counter({
    name: 'signalbox_deliveries_total',
    help: 'Answered deliveries by source and status',
    labelNames: ['source', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: durationName,
    help: 'From the first byte of a delivery to its answer',
    buckets: answerBoundsMs.map((ms) => ms / 1000),
    registers,
  });
  const runs = new Counter({
    name: 'signalbox_runs_total',
    help: 'Ended runs by job and state',
    labelNames: ['job', 'state'],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('signalbox_runs_waiting', 'Runs waiting in a queue', () => readings.runs().waiting);
  gauge('signalbox_runs_running', 'Runs in progress', () => readings.runs().running);
  gauge('signalbox_index_behind_events', 'Events that are not in the full-text index yet', readings.indexBehind);
  gauge('signalbox_database_bytes', 'Size of the database file and its log', readings.databaseBytes);
  // Kept aside: finding a labelled counter by its labels costs more than all the rest of an answer's bookkeeping.
  const bySource = new Map<string, ReturnType<typeof answers.labels>>();
  return {
    registry,
    answered(source, status, durationMs) {
      const key = `${source ?? ''} ${status}`;
      let counter = bySource.get(key);
      if (counter === undefined) {
        counter = answers.labels(source ?? '', String(status));
        bySource.set(key, counter);
      }
      counter.inc();
      durations.observe(durationMs / 1000);
    },
    runEnded: (job, state) => runs.inc({ job, state }),
    async answerCounts() {
      const { values } = await durations.get();
      const upTo = (le: number | '+Inf'): number =>
        values.find(({ metricName, labels }) => metricName === `${durationName}_bucket` && labels.le === le)?.value ??
        0;
      // The client counts up to each bound.
      const sums = [...answerBoundsMs.map((ms) => upTo(ms / 1000)), upTo('+Inf')];
      return sums.map((sum, index) => sum - (sums[index - 1] ?? 0));
    },
  };
}
