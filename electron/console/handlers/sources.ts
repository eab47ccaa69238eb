import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers, Input, Output } from '../../../shared/contract/index.ts';
import type { Source } from '../../../shared/contract/sources.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import { deliveryHeader } from '../../receiver/answer/answer.ts';
import { defaultLimits } from '../../receiver/limits.ts';
import type { PreparedSource, Preset } from '../../sources/source-types.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import type { StoredSource } from '../../store/definitions/sources.ts';
import type { SourcePorts } from './ports.ts';

export interface SourceHandlerDeps {
  definitions: Pick<Definitions, 'sources' | 'settings'>;
  presets: ReadonlyMap<string, Pick<Preset, 'info' | 'maxBodyBytes'>>;
  ports: SourcePorts;
  nowMs?: (() => number) | undefined;
}

export type SourceHandlers = Omit<
  Pick<Handlers, Extract<keyof Handlers, `sources.${string}`>>,
  'sources.confirmSubscription' | 'sources.statistics'
>;

export function createSourceHandlers(deps: SourceHandlerDeps): SourceHandlers {
  const { sources, settings } = deps.definitions;

  function show(stored: StoredSource): Source {
    const { spec, owner } = stored;
    const activity = deps.ports.sourceActivity(spec.slug);
    const base = settings.get().publicUrl || deps.ports.receiverUrl();
    const { lastRefusal } = activity;
    return {
      ...spec,
      name: spec.name ?? spec.slug,
      enabled: spec.enabled ?? true,
      owner,
      version: stored.version,
      createdAt: isoTime(stored.createdAtMs),
      updatedAt: isoTime(stored.updatedAtMs),
      url: owner === 'builtin' ? null : `${base.replace(/\/+$/, '')}/in/${spec.slug}`,
      problem: sources.problem(stored),
      lastDeliveryAt: isoTimeOrNull(activity.lastDeliveryAtMs),
      lastRefusal:
        lastRefusal === null
          ? null
          : { at: isoTime(lastRefusal.atMs), code: lastRefusal.code, message: lastRefusal.message },
      counts: { accepted: activity.accepted, duplicate: activity.duplicate, refused: activity.refused },
    };
  }

  return {
    'sources.list': () => ({ items: sources.list().map(show) }),
    'sources.get': ({ slug }) => show(sources.get(slug)),
    'sources.presets': () => ({
      items: [...deps.presets.values()].map(({ info, maxBodyBytes = defaultLimits.maxBodyBytes }) => ({
        ...info,
        maxBodyBytes,
      })),
    }),
    'sources.create': async (spec) => show(await sources.create(spec)),
    'sources.update': async ({ version, ...spec }) => show(await sources.update(spec, version)),
    'sources.setEnabled': async ({ slug, enabled }) => show(await sources.setEnabled(slug, enabled)),
    'sources.remove': async ({ slug }) => {
      await sources.remove(slug);
      return { done: true };
    },
    'sources.sendTest': (input) => sendTest(sources.get(input.slug), input, deps),
  };
}

const answerTimeoutMs = 15_000;

async function sendTest(
  { spec, owner }: StoredSource,
  input: Input<'sources.sendTest'>,
  { presets, ports, nowMs = Date.now }: SourceHandlerDeps,
) {
  if (owner === 'builtin') throw new AppError('conflict', 'The built-in source takes no deliveries.');
  const preset = presets.get(spec.preset);
  const methods = spec.methods ?? preset?.info.defaults.methods ?? [];
  const method = methods.includes('POST') ? 'POST' : (methods[0] ?? 'POST');
  const body = Buffer.from(input.body, 'utf8');
  const contentType = input.contentType ?? preset?.info.sample.contentType ?? 'application/json';
  const url = `${ports.receiverUrl()}/in/${spec.slug}`;
  const prepared = input.sign === false ? null : (ports.registered(spec.slug)?.prepared ?? null);
  const signed = prepared?.sign?.({ body, contentType, nowMs: nowMs(), method, url }) ?? null;
  const response = await post(url, {
    method,
    // What the operator writes wins: a wrong signature is a test too.
    headers: readHeaders({ 'content-type': contentType, ...(signed ?? {}), ...lowerCased(input.headers ?? {}) }),
    ...(method === 'GET' ? {} : { body }),
  });
  const eventIds = response.deliveryId === null ? [] : ports.eventsOfDelivery(response.deliveryId);
  return { ...response, eventIds, signing: signingOf(input, prepared, signed) };
}

function signingOf(
  { sign }: Input<'sources.sendTest'>,
  prepared: PreparedSource | null,
  signed: Record<string, string> | null,
): Output<'sources.sendTest'>['signing'] {
  if (sign === false) return 'off';
  if (prepared?.isOpen === true) return 'not_needed';
  return signed === null ? 'impossible' : 'signed';
}

async function post(url: string, request: RequestInit) {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return {
      status: response.status,
      body: await response.text(),
      deliveryId: response.headers.get(deliveryHeader),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('unavailable', `The test delivery to ${url} got no answer: ${reason}.`);
  }
}

function readHeaders(headers: Record<string, string>): Headers {
  try {
    return new Headers(headers);
  } catch (error) {
    const reason = errorText(error);
    throw new AppError('invalid_input', `These headers cannot be sent: ${reason}`, [
      { path: ['headers'], message: reason },
    ]);
  }
}

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
