import type { SecretRef } from '../../../../shared/contract/common.ts';
import type { ChallengeSpec, ResponseSpec } from '../../../../shared/contract/source-answers.ts';
import { challengeKinds } from '../../../../shared/contract/source-answers.ts';
import { readHeaderLines } from './header-lines.ts';

export type ChallengeKind = (typeof challengeKinds)[number];

/** What a source answers, as its form has it. */
export interface AnswersDraft {
  /** Of the body: the preset's, text as it is, or text with placeholders. */
  answer: 'default' | 'body' | 'template';
  answerText: string;
  /** Lines `name: value`. */
  answerHeaders: string;
  /** Settings that the form has no field for are kept. */
  challenge: ChallengeSpec | null;
}

export const noAnswers: AnswersDraft = { answer: 'default', answerText: '', answerHeaders: '', challenge: null };

export function answersDraftOf(response: ResponseSpec | undefined, challenge: ChallengeSpec | undefined): AnswersDraft {
  const { body, template, headers = {} } = response ?? {};
  return {
    answer: template !== undefined ? 'template' : body !== undefined ? 'body' : 'default',
    answerText: template ?? body ?? '',
    answerHeaders: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    challenge: challenge ?? null,
  };
}

/** `status` is the one that the source answers with, where it has one in its response. */
export function answersInputOf(
  { answer, answerText, answerHeaders, challenge }: AnswersDraft,
  status: number | undefined,
): { response?: ResponseSpec; challenge?: ChallengeSpec } {
  const headers = readHeaderLines(answerHeaders);
  const response: ResponseSpec = {
    ...(status === undefined ? {} : { status }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(answer === 'body' ? { body: answerText } : answer === 'template' ? { template: answerText } : {}),
  };
  return {
    ...(Object.keys(response).length === 0 ? {} : { response }),
    ...(challenge === null ? {} : { challenge }),
  };
}

export const challengeKindOf = (challenge: ChallengeSpec | null): ChallengeKind | null =>
  challengeKinds.find((kind) => challenge?.[kind] !== undefined) ?? null;

export const challengeNameOf = (challenge: ChallengeSpec | null): string => {
  const kind = challengeKindOf(challenge);
  return (kind === null ? undefined : challenge?.[kind]) ?? '';
};

/** Another kind begins anew: the settings beside it are those of the kind. */
export const setChallengeKind = (kind: ChallengeKind | null): ChallengeSpec | null =>
  kind === null ? null : { [kind]: '' };

export function setChallengeName(challenge: ChallengeSpec | null, name: string): ChallengeSpec | null {
  const kind = challengeKindOf(challenge);
  return challenge === null || kind === null ? challenge : { ...challenge, [kind]: name };
}

/** The secret that a kind of challenge may have, and the setting that it is; null for those without. */
export const challengeSecretKey = (kind: ChallengeKind | null): 'verify' | 'secret' | null =>
  kind === 'query' ? 'verify' : kind === 'hmacOf' ? 'secret' : null;

export function challengeSecretOf(challenge: ChallengeSpec | null): SecretRef | null {
  const key = challengeSecretKey(challengeKindOf(challenge));
  const value = key === null ? undefined : challenge?.[key];
  if (value === undefined) return null;
  return 'secret' in value && typeof value.secret === 'object' ? value.secret : readRef(value);
}

const readRef = (value: object): SecretRef | null => {
  if ('env' in value && typeof value.env === 'string') return { env: value.env };
  if ('file' in value && typeof value.file === 'string') return { file: value.file };
  return 'secret' in value && typeof value.secret === 'string' ? { secret: value.secret } : null;
};

export function setChallengeSecret(challenge: ChallengeSpec | null, secret: SecretRef | null): ChallengeSpec | null {
  const key = challengeSecretKey(challengeKindOf(challenge));
  if (challenge === null || key === null) return challenge;
  const { [key]: before, ...others } = challenge;
  if (secret === null) return others;
  const named =
    key === 'verify' && before !== undefined && 'query' in before ? { query: before.query, secret } : secret;
  return { ...others, [key]: named };
}
