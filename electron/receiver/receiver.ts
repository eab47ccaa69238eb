import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import { printAddress } from '../../shared/contract/app.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Enricher } from '../intake/enrich.ts';
import type { Intake } from '../intake/intake-types.ts';
import type { SourceRegistry } from '../sources/source-registry.ts';
import type { SignToken } from '../sources/source-types.ts';
import { shareConnections } from './admit/connection-share.ts';
import { checkFraming } from './admit/host-check.ts';
import { createKnownSenders } from './admit/known-senders.ts';
import { createPolicy, isSameSettings, type Policy, type ReceiverSettings } from './admit/policy.ts';
import { answerJson, answerRefusal, type Refusal } from './answer/answer.ts';
import { notReady } from './answer/refusals.ts';
import { createBodyBudgets } from './body/body-budget.ts';
import { createDeliveryPipeline, type ReceiverMetrics } from './delivery/delivery-pipeline.ts';
import { expressMessages } from './express-messages.ts';
import { defaultLimits, type ReceiverLimits } from './limits.ts';
import { targetPattern } from './request/target.ts';
import { createHttpServer } from './server.ts';

export interface ReceiverDeps {
  registry: Pick<SourceRegistry, 'get' | 'isUnreadable'>;
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
  /** A connection was closed unanswered, since too many were open. */
  onConnectionRefused?: () => void;
}

export interface Receiver {
  /** Port 0 takes a free one. Rejects with AppError `unavailable` when it cannot listen there. */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Takes nothing new, lets running requests finish for at most `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

const listenProblems: Record<string, string> = {
  EADDRINUSE: 'another program uses it',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name cannot be resolved',
};

/** How long connections that a proxy keeps stay open when the receiver closes. */
const drainMs = 500;

/**
 * Stops listening, and answers for a while what comes on connections that are open, with `Connection: close`. Ended at
 * the same time, they would take the requests with them that a proxy is about to send, and it could only answer 502.
 */
function drain(server: Server, forMs: number, onClosed: () => void): void {
  // Right after the loop has read its connections: what has arrived by then is no idle connection any more.
  const drained = setTimeout(() => setImmediate(() => server.closeIdleConnections()), forMs);
  // Not the close of node:http, which ends idle connections. Connections that wait to be accepted are, before it.
  setImmediate(() =>
    NetServer.prototype.close.call(server, () => {
      clearTimeout(drained);
      // Ends what node:http has besides its connections; it is not listening any more, and says so.
      server.close(() => onClosed());
    }),
  );
}

/** The public server: `ANY /in/<source>[/anything]`, `GET /healthz` and `GET /readyz`, and nothing else. */
export function createReceiver(deps: ReceiverDeps): Receiver {
  const { registry, intake, log, isReady, metrics } = deps;
  const limits: ReceiverLimits = { ...defaultLimits, ...deps.limits };
  const knownSenders = createKnownSenders();
  const budgets = createBodyBudgets(limits.maxBytesInFlight, limits.maxStrangerBytesInFlight);
  let listenHost = '';
  let isClosing = false;

  let policy: Policy | null = null;
  function currentPolicy(): Policy {
    const settings = deps.settings();
    if (policy === null || (policy.settings !== settings && !isSameSettings(policy.settings, settings))) {
      policy = createPolicy(settings, listenHost);
      server.keepAliveTimeout = settings.trustedProxies.length > 0 ? limits.keepAliveBehindProxyMs : limits.keepAliveMs;
    }
    return policy;
  }

  const app = express();
  const { server, strayBytes } = createHttpServer({
    limits,
    messages: expressMessages(app),
    listener: (req, res) => {
      // A refused request that was told nothing of 100-continue may or may not send its body: the connection ends there.
      if (req.headers.expect !== undefined) res.shouldKeepAlive = false;
      const problem = checkFraming(req, limits.maxHeaders);
      if (problem === null) app(req, res);
      else if (targetPattern.test(req.url ?? '')) void handle(req, res, problem);
      else answerRefusal(res, problem, null);
    },
    onUnparsed: (request, socket) => keepUnparsed(request, socket),
  });
  shareConnections(server, {
    maxStrangers: limits.maxStrangerConnections,
    isKnown: (address) => currentPolicy().proxies.isTrusted(address) || knownSenders.has(address, Date.now()),
    onRefused: () => deps.onConnectionRefused?.(),
  });

  const { handle, keepUnparsed } = createDeliveryPipeline({
    registry,
    intake,
    enricher: deps.enricher,
    signToken: deps.signToken,
    isReady,
    budgets,
    knownSenders,
    limits,
    log,
    metrics,
    policy: currentPolicy,
    isClosing: () => isClosing,
    strayBytes,
  });

  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  // Without a path of its own it is found without a search, and before all other routes.
  app.use((req: Request, res: Response, next: NextFunction) =>
    targetPattern.test(req.url) ? handle(req, res, null) : next(),
  );
  app.get('/healthz', (_req: Request, res: Response) => answerJson(res, 200, '{"status":"ok"}'));
  app.get('/readyz', (_req: Request, res: Response) => {
    if (isReady() && !isClosing) answerJson(res, 200, '{"status":"ready"}');
    else answerRefusal(res, notReady, null);
  });
  const { jwks } = deps;
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

  return {
    listen(host, port) {
      listenHost = host;
      return new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException): void => {
          const reason = listenProblems[error.code ?? ''] ?? error.message;
          reject(
            new AppError('unavailable', `The receiver cannot listen on ${printAddress({ host, port })}: ${reason}.`),
          );
        };
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          server.on('error', (error) => log.error({ err: error }, "the receiver's listener failed"));
          const address = server.address();
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          resolve({ url: `http://${printAddress({ host, port: actualPort })}`, port: actualPort });
        });
      });
    },
    close(graceMs) {
      isClosing = true;
      return new Promise((resolve) => {
        if (!server.listening) return resolve();
        const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
        const end = (): void => {
          clearTimeout(cutOff);
          resolve();
        };
        if (deps.settings().trustedProxies.length > 0) return drain(server, Math.min(drainMs, graceMs), end);
        server.close(end);
        server.closeIdleConnections();
      });
    },
  };
}

/** RFC 7517 section 8.5.1. A new key is known everywhere after five minutes, and sooner to those who meet its id. */
const keyHeaders = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' };

const notFound: Refusal = { status: 404, code: 'not_found', message: 'there is nothing at this address' };
const internalError: Refusal = { status: 500, code: 'internal', message: 'see the log of the receiver' };
