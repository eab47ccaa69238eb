import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../../shared/contract/errors.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import type { Enricher } from '../intake/enrich.ts';
import type { Intake } from '../intake/intake-types.ts';
import type { SourceRegistry } from '../sources/source-registry.ts';
import type { SignToken } from '../sources/source-types.ts';
import { answerJson, answerRefusal, answerText, deliveryHeader, type Refusal } from './answer.ts';
import { createBodyBudgets } from './body-budget.ts';
import { createTrustedProxies } from './client-address.ts';
import { createDeliver, type Outcome } from './deliver.ts';
import { checkFraming, createHostCheck } from './host-check.ts';
import { defaultLimits, type ReceiverLimits } from './limits.ts';
import { createDoor } from './server.ts';
import { readTarget, targetPattern } from './target.ts';

type ReceiverSettings = Pick<Settings, 'trustedProxies' | 'publicUrl'>;

export interface ReceiverMetrics {
  /** Each answered request to `/in/…`; `source` is null when the address named none. */
  answered(source: string | null, status: number, durationMs: number): void;
}

export interface ReceiverParts {
  registry: Pick<SourceRegistry, 'get'>;
  intake: Pick<Intake, 'accept' | 'refuse' | 'pressure'>;
  /** Asked at every request, so that a change counts at once. */
  settings(): ReceiverSettings;
  /** Answers with what jobs decide. */
  enricher?: Enricher | undefined;
  /** For answers that are signed tokens. */
  signToken?: SignToken | undefined;
  /** JSON of the public keys that belong to `signToken`. */
  jwks?: (() => Promise<string>) | undefined;
  log: Logger;
  limits?: Partial<ReceiverLimits>;
  /** False while nothing can be stored (starting, disk full, stopping): deliveries are then answered with 503. */
  isReady(): boolean;
  metrics?: ReceiverMetrics;
}

export interface Receiver {
  /** Port 0 takes a free one. Rejects with AppError `unavailable` when the address cannot be had. */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Takes nothing new, lets running requests finish for at most `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

const listenProblems: Record<string, string> = {
  EADDRINUSE: 'another program uses it',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'that host is not known',
};

const isSameSettings = (a: ReceiverSettings, b: ReceiverSettings): boolean =>
  a.publicUrl === b.publicUrl &&
  (a.trustedProxies === b.trustedProxies || a.trustedProxies.join() === b.trustedProxies.join());

/** The public door: `ANY /in/<source>[/anything]`, `GET /healthz` and `GET /readyz`, and nothing else. */
export function createReceiver(parts: ReceiverParts): Receiver {
  const { registry, intake, log, isReady, metrics } = parts;
  const limits: ReceiverLimits = { ...defaultLimits, ...parts.limits };
  const { deliver, open } = createDeliver({
    registry,
    intake,
    enricher: parts.enricher,
    signToken: parts.signToken,
    isReady,
    limits,
    log,
  });
  const budgets = createBodyBudgets(limits.maxBytesInFlight);
  let listenHost = '';
  let isClosing = false;

  function createPolicy(settings: ReceiverSettings) {
    server.keepAliveTimeout = settings.trustedProxies.length > 0 ? limits.keepAliveBehindProxyMs : limits.keepAliveMs;
    return {
      settings,
      proxies: createTrustedProxies(settings.trustedProxies),
      hosts: createHostCheck(settings.publicUrl, listenHost),
    };
  }

  let policy: ReturnType<typeof createPolicy> | null = null;
  function currentPolicy(): ReturnType<typeof createPolicy> {
    const settings = parts.settings();
    if (policy === null || (policy.settings !== settings && !isSameSettings(policy.settings, settings))) {
      policy = createPolicy(settings);
    }
    return policy;
  }

  function answer(res: ServerResponse, outcome: Exclude<Outcome, { kind: 'gone' }>, deliveryId: string | null): number {
    if (isClosing) res.shouldKeepAlive = false;
    switch (outcome.kind) {
      case 'accepted': {
        const { eventIds, duplicate } = outcome.accepted;
        const headers = { [deliveryHeader]: outcome.accepted.deliveryId };
        if (outcome.body !== undefined) answerText(res, outcome.status, outcome.body, headers);
        else answerJson(res, outcome.status, JSON.stringify({ accepted: true, events: eventIds, duplicate }), headers);
        return outcome.status;
      }
      case 'decided': {
        const { status, contentType, body } = outcome.answer;
        const headers = { ...decidedHeaders, 'content-type': contentType, [deliveryHeader]: outcome.deliveryId };
        answerText(res, status, body, headers);
        return status;
      }
      case 'direct':
        answerText(res, outcome.answer.status, outcome.answer.body, outcome.answer.headers ?? {});
        return outcome.answer.status;
      case 'undecided':
        answerRefusal(res, outcome.refusal, outcome.deliveryId);
        return outcome.refusal.status;
      case 'refused':
        answerRefusal(res, outcome.refusal, deliveryId);
        return outcome.refusal.status;
    }
  }

  /** `problem` is what was already found wrong with the request, which is then only kept and answered. */
  async function handleDelivery(req: IncomingMessage, res: ServerResponse, problem: Refusal | null): Promise<void> {
    const startedMs = performance.now();
    const target = readTarget(req.url ?? '');
    const { proxies, hosts } = currentPolicy();
    const peer = req.socket.remoteAddress ?? '';
    const forwardedFor = req.headers['x-forwarded-for'];
    const client = proxies.findClient(peer, Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor);
    const { source, delivery } = open(req, target, client, Date.now());
    const budget = budgets.open();
    try {
      const refusal = problem ?? (proxies.isTrusted(peer) ? null : hosts.check(req.headers.host));
      const outcome: Outcome =
        refusal === null
          ? await deliver({ req, res, target, delivery, budget, arrivedMs: startedMs }, source)
          : { kind: 'refused', refusal };
      if (outcome.kind === 'gone') return;
      let deliveryId: string | null = null;
      if (outcome.kind === 'refused') {
        const { status, code, message } = outcome.refusal;
        source?.prepared?.redact?.(delivery);
        deliveryId = intake.refuse({ delivery, status, code, message });
        log.debug({ source: delivery.source, status, code, delivery: deliveryId }, 'a delivery was refused');
      }
      const status = answer(res, outcome, deliveryId);
      metrics?.answered(delivery.source, status, performance.now() - startedMs);
    } catch (error) {
      log.error({ err: error, source: delivery.source }, 'a delivery failed inside the receiver');
      answer(res, { kind: 'refused', refusal: internalError }, null);
      metrics?.answered(delivery.source, internalError.status, performance.now() - startedMs);
    } finally {
      budget.release();
    }
  }

  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.all(targetPattern, (req: Request, res: Response) => handleDelivery(req, res, null));
  app.get('/healthz', (_req: Request, res: Response) => answerJson(res, 200, '{"status":"ok"}'));
  app.get('/readyz', (_req: Request, res: Response) => {
    if (isReady() && !isClosing) answerJson(res, 200, '{"status":"ready"}');
    else answerRefusal(res, notReady, null);
  });
  const { jwks } = parts;
  if (jwks !== undefined) {
    app.get('/.well-known/jwks.json', async (_req: Request, res: Response) =>
      answerJson(res, 200, await jwks(), keyHeaders),
    );
  }
  app.use((_req: Request, res: Response) => answerRefusal(res, notFound, null));
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    log.error({ err: error }, 'a request failed inside the receiver');
    answerRefusal(res, internalError, null);
  });

  const server = createDoor(limits, (req, res) => {
    // A refused request that was told nothing of 100-continue may or may not send its body: the connection ends there.
    if (req.headers.expect !== undefined) res.shouldKeepAlive = false;
    const problem = checkFraming(req, limits.maxHeaders);
    if (problem === null) app(req, res);
    else if (targetPattern.test(req.url ?? '')) void handleDelivery(req, res, problem);
    else answerRefusal(res, problem, null);
  });

  return {
    listen(host, port) {
      listenHost = host;
      return new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException): void => {
          const reason = listenProblems[error.code ?? ''] ?? error.message;
          reject(new AppError('unavailable', `The receiver cannot listen on ${host}:${port}: ${reason}.`));
        };
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          server.on('error', (error) => log.error({ err: error }, "the receiver's listener failed"));
          const address = server.address();
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          const shownHost = host.includes(':') ? `[${host}]` : host;
          resolve({ url: `http://${shownHost}:${actualPort}`, port: actualPort });
        });
      });
    },
    close(graceMs) {
      isClosing = true;
      return new Promise((resolve) => {
        if (!server.listening) return resolve();
        const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

/** RFC 7517 section 8.5.1. A new key is known everywhere after five minutes, and sooner to those who meet its id. */
const keyHeaders = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' };
const decidedHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const notFound: Refusal = { status: 404, code: 'not_found', message: 'there is nothing at this address' };
const notReady: Refusal = {
  status: 503,
  code: 'not_ready',
  message: 'the receiver is not taking deliveries at this moment',
  retryAfterSeconds: 5,
};
const internalError: Refusal = {
  status: 500,
  code: 'internal',
  message: 'this delivery could not be handled; the log of the receiver says why',
};
