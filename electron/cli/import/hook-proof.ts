import type { SecretRef } from '../../../shared/contract/common.ts';
import type { HookArgument, HookMatch, HookRules } from './hook-schema.ts';
import { isSecretName } from './hook-secrets.ts';
import type { AddNote } from './import-notes.ts';

const hmac = /^payload-(?:hmac|hash)-(sha1|sha256|sha512)$/;

interface ProofScope {
  refOf(secret: string): SecretRef;
  note: AddNote;
}

const isSecretMatch = ({ type, parameter: { source, name } }: HookMatch): boolean =>
  type === 'value' && ['header', 'url', 'query', 'payload'].includes(source) && isSecretName(name);

/** Whether a rule looks at who the sender is, which the source has to do: only it has the bytes, address and secrets. */
export function provesSender(rules: HookRules): boolean {
  const inner = rules.and ?? rules.or ?? (rules.not == null ? null : [rules.not]);
  if (inner !== null) return inner.some(provesSender);
  const match = rules.match;
  if (match == null) return false;
  return (
    match.type === 'ip-whitelist' ||
    match.type === 'scalr-signature' ||
    hmac.test(match.type) ||
    isSecretMatch(match) ||
    // Conditions know no headers that are masked.
    (match.parameter.source === 'header' && isSecretName(match.parameter.name))
  );
}

/** A rule as the source's own, with each secret by reference. */
export function proofOf(rules: HookRules, scope: ProofScope): object {
  if (rules.and != null) return { all: rules.and.map((inner) => proofOf(inner, scope)) };
  if (rules.or != null) return mergeAddresses(rules.or.map((inner) => proofOf(inner, scope)));
  if (rules.not != null) return { not: proofOf(rules.not, scope) };
  return rules.match == null ? { any: [] } : proofOfMatch(rules.match, scope);
}

function mergeAddresses(parts: readonly object[]): object {
  const lists = parts.flatMap((part) => ('addresses' in part && Array.isArray(part.addresses) ? [part.addresses] : []));
  return lists.length === parts.length && lists.length > 0 ? { addresses: lists.flat() } : { any: parts };
}

function proofOfMatch(match: HookMatch, { refOf, note }: ProofScope): object {
  const { type, parameter } = match;
  if (type === 'ip-whitelist') {
    const addresses = match['ip-range'].split(/\s+/).filter((range) => range !== '');
    // Without a mask the program takes an address of IPv6 for a range of 32 bits.
    return {
      addresses: addresses.map((range) => (range.includes(':') && !range.includes('/') ? `${range}/32` : range)),
    };
  }
  if (type === 'scalr-signature') return { scalr: refOf(match.secret) };
  const value = hookValueOf(parameter);
  if (value === null) {
    note(
      'trigger-rule',
      `A rule reads "${parameter.source}", which sources cannot read.`,
      'Write the rule by hand; until then it never passes.',
    );
    return { any: [] };
  }
  const [, algorithm] = hmac.exec(type) ?? [];
  if (algorithm !== undefined) return { hmac: algorithm, of: value, secret: refOf(match.secret) };
  if (type === 'regex') return { value, matches: match.regex };
  if (type !== 'value') return { any: [] };
  return isSecretMatch(match) ? { value, secret: refOf(match.value) } : { value, is: match.value };
}

function hookValueOf({ source, name }: HookArgument): object | null {
  switch (source) {
    case 'payload':
      return { payload: name };
    case 'header':
      return { header: name.toLowerCase() };
    case 'url':
    case 'query':
      return { query: name };
    case 'request':
      return ['method', 'remote-addr'].includes(name.toLowerCase()) ? { request: name.toLowerCase() } : null;
    case 'string':
      return { text: name };
    case 'raw-request-body':
      return { body: true };
    default:
      return null;
  }
}
