import type { SecretRef } from '../../../shared/contract/common.ts';
import { httpDefaults, signsOf } from '../../../shared/contract/http-jobs.ts';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import { type Connections, openConnections } from '../../outgoing/http-request.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { ClaimedEvent, ClaimRow } from '../../store/runs/run-claims.ts';
import { compileContent } from '../body/request-content.ts';
import { compileSigners, type Signers } from '../sign/compile-signers.ts';
import { signSecrets } from '../sign/sign-secrets.ts';

export interface DestinationDeps {
  db: ReadableDb;
  /** Reads a secret at use. Throws AppError when it cannot. */
  readSecret: (ref: SecretRef) => string;
  /** Signs with this installation's key. */
  signToken: (claims: Record<string, string | number>) => Promise<string>;
  nowMs: () => number;
}

/** A request made ready, but for its signature. */
export interface PreparedRequest {
  id: string;
  method: string;
  headers: [string, string][];
  body: Buffer;
}

/** A job of the kind `http`, compiled with the values that its secrets have now. */
export interface Destination {
  url: URL;
  /** That the job names, secrets filled in. */
  headers: [string, string][];
  /** Names in lower case of those with secrets. */
  secretHeaders: ReadonlySet<string>;
  redirects: number;
  connections: Connections;
  signers: Signers;
  /** Throws an Error for people. */
  prepare(row: ClaimRow, batch: readonly ClaimedEvent[] | null): PreparedRequest;
}

/** All secrets that a job of this kind names. */
export const httpSecrets = ({ secrets, sign, ca }: HttpJobSpec): SecretRef[] => [
  ...Object.values(secrets ?? {}),
  ...signSecrets(sign),
  ...(ca === undefined ? [] : [ca]),
];

/** The same for every attempt, retry and interruption of a run, so that receivers know repeats. */
export const requestId = ({
  event_id: eventId,
  listener,
  job,
}: Pick<ClaimRow, 'event_id' | 'listener' | 'job'>): string => `${eventId}_${listener ?? job}`;

/** Throws an Error for people when it cannot be made ready. */
export function compileDestination(spec: HttpJobSpec, deps: DestinationDeps): Destination {
  const { readSecret } = deps;
  const mtls = signsOf(spec.sign).find((one) => one.scheme === 'mtls');
  const connections = openConnections({
    reach: spec.allowPrivate === true ? 'private' : 'public',
    maxSockets: spec.concurrency ?? httpDefaults.concurrency,
    ca: spec.ca === undefined ? undefined : readSecret(spec.ca),
    certificate: mtls === undefined ? undefined : readSecret(mtls.certificate),
    key: mtls === undefined ? undefined : readSecret(mtls.key),
  });
  const content = compileContent(spec.body ?? httpDefaults.body, deps.db);
  const own = Object.entries(spec.headers ?? {}).map(([name, value]): [string, string] => [
    name,
    fillSecrets(value, spec, readSecret),
  ]);
  return {
    url: new URL(spec.url),
    headers: own,
    secretHeaders: new Set(
      Object.entries(spec.headers ?? {})
        .filter(([, value]) => secretPattern.test(value))
        .map(([name]) => name.toLowerCase()),
    ),
    redirects: spec.redirects ?? httpDefaults.redirects,
    connections,
    signers: compileSigners(spec.sign, { ...deps, connections }),
    prepare(row, batch) {
      // One that comes without, such as a test, is a list as well.
      const list = batch ?? (spec.batch === undefined ? null : [row]);
      const { headers, body, method } = content(row, list);
      const id = requestId(row);
      const base: [string, string][] = [
        ['User-Agent', 'Signalbox'],
        ['Webhook-Id', id],
      ];
      return { id, method: spec.method ?? method ?? httpDefaults.method, headers: override(base, headers, own), body };
    },
  };
}

/** Later lists replace what earlier ones say of the same header; one that repeats within its list stays as it is. */
export function override(...lists: readonly (readonly [string, string][])[]): [string, string][] {
  return lists.reduce<[string, string][]>((before, list) => {
    if (list.length === 0) return before;
    const named = new Set(list.map(([name]) => name.toLowerCase()));
    return [...before.filter(([name]) => !named.has(name.toLowerCase())), ...list];
  }, []);
}

const secretPattern = /\{secret:([A-Za-z_][A-Za-z0-9_]*)\}/;

function fillSecrets(value: string, { secrets = {} }: HttpJobSpec, readSecret: DestinationDeps['readSecret']): string {
  return value.replace(new RegExp(secretPattern, 'g'), (_match, name: string) => {
    const ref = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (ref === undefined) throw new Error(`its headers name the secret ${name}, which "secrets" does not have`);
    return readSecret(ref).trim();
  });
}
