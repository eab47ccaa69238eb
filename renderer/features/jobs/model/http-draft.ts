import type { SecretRef } from '../../../../shared/contract/common.ts';
import { type HttpBody, httpDefaults, type Sign, signsOf } from '../../../../shared/contract/http-jobs.ts';
import type { HttpJobSpec, Job } from '../../../../shared/contract/jobs.ts';
import { isJson } from '../../../../shared/contract/json-value.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import {
  type BatchDraft,
  batchDraftOf,
  batchProblems,
  httpBatchOf,
  noBatch,
} from '../../../model/definitions/batch-draft.ts';

/** `several`: more than the form shows, kept as it is. */
export type SignChoice = 'none' | 'several' | Sign['scheme'];
export type BodyChoice = Extract<HttpBody, string> | 'template';

export interface SignDraft {
  choice: SignChoice;
  /** The secret, password, token or certificate key. */
  secret: SecretRef | null;
  /** The one that is rotated out, or the certificate. */
  second: SecretRef | null;
  username: string;
  tokenUrl: string;
  clientId: string;
  scope: string;
  audience: string;
  /** What the form does not show: how long a `jwt` is valid, and the schemes of `several`. */
  expiresIn: string | undefined;
  kept: HttpJobSpec['sign'];
}

export interface HeaderRow {
  id: string;
  name: string;
  value: string;
}

/** The request of a job as it is being typed; empty text means: the default. */
export interface HttpDraft {
  url: string;
  method: NonNullable<HttpJobSpec['method']> | '';
  body: BodyChoice;
  /** JSON text. */
  template: string;
  headers: readonly HeaderRow[];
  sign: SignDraft;
  allowPrivate: boolean;
  redirects: string;
  /** `default`, `none`, or waits such as `5s, 5m`. */
  retries: string;
  perSecond: string;
  orderBy: string;
  batch: BatchDraft;
  verification: NonNullable<HttpJobSpec['verification']>;
  /** What the form does not show. */
  ca: HttpJobSpec['ca'];
}

const noSign: SignDraft = {
  choice: 'none',
  secret: null,
  second: null,
  username: '',
  tokenUrl: '',
  clientId: '',
  scope: '',
  audience: '',
  expiresIn: undefined,
  kept: undefined,
};

export const emptyHttp: HttpDraft = {
  url: '',
  method: '',
  body: httpDefaults.body,
  template: '{\n  "id": "$.payload.id"\n}',
  headers: [],
  sign: noSign,
  allowPrivate: false,
  redirects: '',
  retries: '',
  perSecond: '',
  orderBy: '',
  batch: noBatch,
  verification: httpDefaults.verification,
  ca: undefined,
};

export function httpDraftOf(job: Extract<Job, { kind: 'http' }>, newId: () => string): HttpDraft {
  const { body = httpDefaults.body, retries } = job;
  return {
    url: job.url,
    method: job.method ?? '',
    body: typeof body === 'object' ? 'template' : body,
    template: typeof body === 'object' ? stringifyExact(body.template, 2) : emptyHttp.template,
    headers: Object.entries(job.headers ?? {}).map(([name, value]) => ({ id: newId(), name, value })),
    sign: signDraftOf(job.sign),
    allowPrivate: job.allowPrivate === true,
    redirects: job.redirects === undefined ? '' : String(job.redirects),
    retries: retries === undefined ? '' : Array.isArray(retries) ? retries.join(', ') : retries,
    perSecond: job.rate === undefined ? '' : String(job.rate.perSecond),
    orderBy: job.order?.by ?? '',
    batch: batchDraftOf(job.batch),
    verification: job.verification ?? httpDefaults.verification,
    ca: job.ca,
  };
}

function signDraftOf(sign: HttpJobSpec['sign']): SignDraft {
  const [one, ...more] = signsOf(sign);
  if (one === undefined) return noSign;
  const several: SignDraft = { ...noSign, choice: 'several', kept: sign };
  if (more.length > 0) return several;
  const draft: SignDraft = { ...noSign, choice: one.scheme };
  switch (one.scheme) {
    case 'standard-webhooks':
    case 'stripe':
      if (one.secrets.length > 2) return several;
      return { ...draft, secret: one.secrets[0] ?? null, second: one.secrets[1] ?? null };
    case 'github':
    case 'slack':
      return { ...draft, secret: one.secret };
    case 'basic':
      return { ...draft, username: one.username, secret: one.password };
    case 'bearer':
      return { ...draft, secret: one.token };
    case 'oauth2': {
      const { tokenUrl, clientId, clientSecret, scope = '', audience = '' } = one;
      return { ...draft, tokenUrl, clientId, secret: clientSecret, scope, audience };
    }
    case 'mtls':
      return { ...draft, secret: one.key, second: one.certificate };
    case 'jwt':
      return { ...draft, audience: one.audience ?? '', expiresIn: one.expiresIn };
  }
}

/** Problems that cannot be said to the app, since what was typed is no value at all; keyed as the app's own. */
export function httpDraftProblems(draft: HttpDraft): Record<string, string> {
  const problems: Record<string, string> = batchProblems(draft.batch, 'http');
  if (draft.body === 'template' && readTemplate(draft.template) === undefined) problems.body = 'must be JSON';
  if (draft.redirects.trim() !== '' && !/^\d+$/.test(draft.redirects.trim()))
    problems.redirects = 'must be a whole number';
  if (draft.perSecond.trim() !== '' && !(Number(draft.perSecond) > 0)) problems.rate = 'must be a number above 0';
  const { choice, secret, second } = draft.sign;
  const needsSecret = choice !== 'none' && choice !== 'several' && choice !== 'jwt';
  if (needsSecret && secret === null) problems.sign = 'needs a location for the secret';
  else if (choice === 'mtls' && second === null) problems.sign = 'needs a location for the certificate';
  return problems;
}

function readTemplate(text: string) {
  try {
    const value: unknown = parseExact(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type HttpFields = Pick<
  HttpJobSpec,
  'url' | 'method' | 'headers' | 'body' | 'sign' | 'ca' | 'allowPrivate' | 'redirects'
> &
  Pick<HttpJobSpec, 'retries' | 'rate' | 'order' | 'batch' | 'verification'>;

export function httpFieldsOf(draft: HttpDraft): HttpFields {
  const headers = draft.headers
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, value }) => [name.trim(), value] as const);
  const sign = signOf(draft.sign);
  const batch = httpBatchOf(draft.batch);
  const retries = draft.retries.trim();
  return {
    url: draft.url.trim(),
    ...(draft.method === '' ? {} : { method: draft.method }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(draft.body === 'template'
      ? { body: { template: readTemplate(draft.template) ?? null } }
      : draft.body === httpDefaults.body
        ? {}
        : { body: draft.body }),
    ...(sign === undefined ? {} : { sign }),
    ...(draft.ca === undefined ? {} : { ca: draft.ca }),
    ...(draft.allowPrivate ? { allowPrivate: true } : {}),
    ...(draft.redirects.trim() === '' ? {} : { redirects: Number(draft.redirects) }),
    ...(retries === ''
      ? {}
      : { retries: retries === 'default' || retries === 'none' ? retries : retries.split(/[\s,]+/) }),
    ...(draft.perSecond.trim() === '' ? {} : { rate: { perSecond: Number(draft.perSecond) } }),
    ...(draft.orderBy.trim() === '' ? {} : { order: { by: draft.orderBy.trim() } }),
    ...(batch === undefined ? {} : { batch }),
    ...(draft.verification === httpDefaults.verification ? {} : { verification: draft.verification }),
  };
}

function signOf(sign: SignDraft): HttpJobSpec['sign'] {
  const { choice, secret, second, expiresIn, kept } = sign;
  if (choice === 'none') return undefined;
  if (choice === 'several') return kept;
  const audience = sign.audience.trim() === '' ? {} : { audience: sign.audience.trim() };
  if (choice === 'jwt') return { scheme: 'jwt', ...audience, ...(expiresIn === undefined ? {} : { expiresIn }) };
  // Nothing is sent while a secret is missing: the form says so.
  if (secret === null) return undefined;
  switch (choice) {
    case 'standard-webhooks':
    case 'stripe':
      return { scheme: choice, secrets: second === null ? [secret] : [secret, second] };
    case 'github':
    case 'slack':
      return { scheme: choice, secret };
    case 'basic':
      return { scheme: 'basic', username: sign.username, password: secret };
    case 'bearer':
      return { scheme: 'bearer', token: secret };
    case 'oauth2': {
      const scope = sign.scope.trim() === '' ? {} : { scope: sign.scope.trim() };
      const { tokenUrl, clientId } = sign;
      return {
        scheme: 'oauth2',
        tokenUrl: tokenUrl.trim(),
        clientId: clientId.trim(),
        clientSecret: secret,
        ...scope,
        ...audience,
      };
    }
    case 'mtls':
      return second === null ? undefined : { scheme: 'mtls', certificate: second, key: secret };
  }
}
