import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { pushPermissions, routePermissions } from '../../../shared/contract/access/call-permissions.ts';
import { type Caller, lackOf, may } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { pushNames } from '../../../shared/contract/pushes.ts';
import { bearerOf, type HttpAuth } from '../auth/http-auth.ts';
import { createOpenIdSignIn, type OpenIdSignIn } from '../auth/openid-sign-in.ts';
import type { Identity, Refused } from '../auth/verdict.ts';
import { dispatch, internalError } from '../calls/dispatch.ts';
import { buildOpenApi } from '../calls/openapi.ts';
import { inputOf, readInput } from '../calls/read-input.ts';
import type { PushStreams } from '../push/push-stream.ts';
import type { Team } from './account-deps.ts';
import { basePathOf } from './console-base.ts';
import type { ConsoleSettings } from './console-settings.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { addDeliveryFileRoute } from './delivery-file-route.ts';
import { type HostGuard, publicHost } from './host-guard.ts';
import { sendError, sendJson, sendReply } from './http-replies.ts';
import { addSignInRoutes } from './sign-in-routes.ts';
import { serveRenderer } from './static-files.ts';
import { followTrustedPeers } from './trusted-peers.ts';

const maxBodyBytes = 8 * 1024 * 1024;

/** Those that need a sign-in. */
type GuardedRoute = {
  [P in keyof typeof routePermissions]: (typeof routePermissions)[P] extends null ? never : P;
}[keyof typeof routePermissions];

export interface ConsoleAppDeps {
  handlers: Handlers;
  log: Logger;
  version: string;
  rendererDir: string;
  registry: Registry;
  /** Null when ready, else a sentence saying what is waited for. */
  readiness(): string | null;
  guard: HostGuard;
  auth: HttpAuth;
  streams: PushStreams;
  team?: Team | undefined;
  cookieName: string;
  settings(): ConsoleSettings;
  /** The connection belongs to a signed-in client. */
  keepConnection(socket: Socket): void;
}

const addressOf = (request: Request): string => request.ip ?? request.socket.remoteAddress ?? '';

/** The console's own Express app: who may ask, then calls, pushes, sessions, probes and the renderer's files. */
export function createConsoleApp(options: ConsoleAppDeps): Express {
  const { auth, guard, log, streams } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('case sensitive routing', true);
  app.set(
    'trust proxy',
    followTrustedPeers(() => options.settings().trustedProxies),
  );

  app.use((request, response, next) => {
    const refusal = guard.refuseAddress(request);
    if (refusal === null) return next();
    response.setHeader('Connection', 'close');
    sendError(request.path, response, refusal, refusal.status);
  });
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
      // The console speaks plain http; a proxy that adds TLS decides about HSTS for its name.
      strictTransportSecurity: false,
      // Own pages say where they come from: on plain http it is all a GET has to show (see host-guard.ts).
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use((request, response, next) => {
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (!changes && request.path !== '/api/push') return next();
    const refusal = guard.refuseOrigin(request, bearerOf(request) !== null);
    if (refusal === null) return next();
    sendError(request.path, response, refusal, refusal.status);
  });

  function refuse(request: Request, response: Response, verdict: Refused): void {
    if (verdict.retryAfterSeconds !== undefined) response.setHeader('Retry-After', verdict.retryAfterSeconds);
    if (verdict.error.code === 'unauthorized') response.setHeader('WWW-Authenticate', 'Bearer realm="signalbox"');
    sendError(request.path, response, verdict.error);
  }

  async function identify(request: Request, response: Response): Promise<Identity | null> {
    const verdict = await auth.identify(request, addressOf(request));
    if (verdict.granted) {
      options.keepConnection(request.socket);
      return verdict.value;
    }
    refuse(request, response, verdict);
    return null;
  }

  /** Identifies the caller of a path other than a call; null, with the response sent, when it is refused. */
  async function admit(path: GuardedRoute, request: Request, response: Response): Promise<Identity | null> {
    const identity = await identify(request, response);
    if (identity === null) return null;
    const lack = lackOf(identity.caller, routePermissions[path]);
    if (lack === null) return identity;
    options.team?.audit.recordRefused(identity.caller, path, lack);
    sendError(request.path, response, { code: 'forbidden', message: `This page ${lack}.` });
    return null;
  }

  app.get('/healthz', (_request, response) => sendJson(response, 200, '{"ok":true}'));
  app.get('/readyz', (request, response) => {
    const message = options.readiness();
    if (message === null) sendJson(response, 200, '{"ready":true}');
    else sendError(request.path, response, { code: 'unavailable', message });
  });

  app.get('/api/push', async (request, response) => {
    const identity = await admit('/api/push', request, response);
    if (identity === null) return;
    const names = pushNames.filter((name) => may(identity.caller, pushPermissions[name]));
    if (streams.open(response, { isAllowed: identity.isLive, ownerId: identity.sessionId, names })) return;
    response.setHeader('Retry-After', 10);
    sendError(request.path, response, { code: 'unavailable', message: 'Too many windows are open; close some.' });
  });

  const onRefused = (caller: Caller, name: string, message: string): void =>
    options.team?.audit.recordRefused(caller, name, message);

  let openApi: string | null = null;
  app.get('/api/openapi.json', async (request, response) => {
    if ((await admit('/api/openapi.json', request, response)) === null) return;
    openApi ??= JSON.stringify(buildOpenApi(options.version));
    sendJson(response, 200, openApi);
  });

  addDeliveryFileRoute(app, {
    identify: (request, response) => admit('/api/deliveries/:id/files/:index', request, response),
    read: (input, caller) => dispatch(options.handlers, 'deliveries.readFile', input, caller, log, { onRefused }),
  });

  app.get('/metrics', async (request, response) => {
    if ((await admit('/metrics', request, response)) === null) return;
    const text = await options.registry.metrics();
    response.setHeader('Content-Type', options.registry.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
  });

  // Only JSON by its name: a form of another site could send anything else without a preflight.
  const hasOtherBody = (request: IncomingMessage): boolean =>
    request.headers['content-type'] !== undefined && !/^application\/json\b/i.test(request.headers['content-type']);
  const readInputText = readInput(maxBodyBytes);
  const wrongType = {
    code: 'invalid_input' as const,
    message: 'Send the input as JSON, with "Content-Type: application/json".',
  };

  app.post('/api/:name', async (request, response, next) => {
    const identity = await identify(request, response);
    if (identity === null) return;
    if (hasOtherBody(request)) return sendError(request.path, response, wrongType, 415);
    readInputText(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      Promise.resolve(request)
        .then(inputOf)
        .then((input) => dispatch(options.handlers, request.params.name, input, identity.caller, log, { onRefused }))
        .then((reply) => sendReply(response, reply))
        .catch(next);
    });
  });

  const openIdOf = ({ readSecret }: Team): OpenIdSignIn =>
    createOpenIdSignIn({ settings: () => options.settings().access?.openId ?? null, readSecret });

  /** The guard has checked the Host value. */
  function consoleBase(request: Request): string {
    const { consoleUrl } = options.settings();
    const host = request.get('host')?.toLowerCase() ?? '';
    return publicHost(consoleUrl) === host ? consoleUrl.replace(/\/+$/, '') : `${request.protocol}://${host}`;
  }

  addSignInRoutes(app, {
    auth,
    cookieName: options.cookieName,
    addressOf,
    basePathOf: (request) => basePathOf(options.settings().consoleUrl, request.headers.host),
    refuse,
    identify,
    consoleBase,
    onSignedIn: (request) => options.keepConnection(request.socket),
    onSignedOut: (sessionId) => streams.endOf(sessionId),
    openId: options.team === undefined ? null : { openId: openIdOf(options.team), log },
  });

  app.use(serveRenderer(options.rendererDir));
  app.use((request, response) => {
    const message = `There is nothing at ${request.method} ${request.path.slice(0, 120)}.`;
    sendError(request.path, response, { code: 'not_found', message });
  });

  const onError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    if (error instanceof AppError) {
      return sendError(request.path, response, { code: error.code, message: error.message });
    }
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    if (status >= 500) {
      const about = { method: request.method, path: request.path };
      return sendError(request.path, response, internalError(error, log, about));
    }
    if (status === 413) {
      const message = `The input is larger than ${maxBodyBytes / 1024 / 1024} MiB; split it into smaller requests.`;
      return sendError(request.path, response, { code: 'too_large', message });
    }
    const message =
      status === 415 ? 'Send the body uncompressed, as JSON in UTF-8.' : 'The request cannot be read; send valid JSON.';
    sendError(request.path, response, { code: 'invalid_input', message }, status);
  };
  app.use(onError);
  return app;
}
