import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { parseDuration } from '../../../shared/contract/duration.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import { describeIssue, issueDetails } from '../../../shared/contract/explain-issues.ts';
import type { Question, QuestionField } from '../../../shared/contract/runs.ts';
import { safeParseEased } from '../../../shared/exact-json/ease-numbers.ts';
import { type ExactNumber, isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';

const defaultTimeoutMs = 15 * 60_000;
const maxTimeoutMs = 24 * 3_600_000;
const maxAnswerLength = 64 * 1024;

/** Names that other systems have for the same kinds of fields. Anything else is text. */
const fieldTypes: Readonly<Record<string, QuestionField['type']>> = {
  text: 'text',
  multiline: 'multiline',
  textarea: 'multiline',
  secret: 'secret',
  password: 'secret',
  number: 'number',
  boolean: 'boolean',
  checkbox: 'boolean',
  choice: 'choice',
  select: 'choice',
};

const optionSchema = z.union([
  z.string().transform((value) => ({ value, label: value })),
  z
    .object({ value: z.string(), label: z.string().optional() })
    .transform(({ value, label = value }) => ({ value, label })),
]);

const fieldSchema = z
  .object({
    name: z.string().min(1).max(80),
    type: z.string().max(40).optional(),
    label: z.string().max(300).optional(),
    options: z.array(optionSchema).max(200).optional(),
    required: z.boolean().optional(),
  })
  .transform(({ name, type = 'text', label = name, options, required = true }): QuestionField => {
    const known = fieldTypes[type] ?? 'text';
    // Without anything to choose from it could never be answered.
    const kind = known === 'choice' && (options ?? []).length === 0 ? 'text' : known;
    return { name, type: kind, label, ...(kind === 'choice' ? { options } : {}), required };
  });

const askSchema = z.object({
  type: z.string().min(1).max(60).optional(),
  message: z.string().min(1).max(4000),
  fields: z.array(fieldSchema).max(30).optional(),
  /** Milliseconds or text such as `5m`. */
  timeout: z.union([z.number(), z.string()]).optional(),
});

/** What a job asks, made whole. */
export interface Asked {
  type: string;
  message: string;
  fields: QuestionField[];
  timeoutMs: number;
}

/** Throws AppError `invalid_input`. */
export function readAsked(input: unknown): Asked {
  const parsed = safeParseEased(askSchema, input, { error: describeIssue });
  if (!parsed.success) {
    const [first] = issueDetails(parsed.error.issues);
    throw new AppError('invalid_input', `The question cannot be asked: ${first?.path.join('.')} ${first?.message}.`);
  }
  const { type = 'question', message, fields, timeout } = parsed.data;
  const timeoutMs = typeof timeout === 'string' ? parseDuration(timeout) : (timeout ?? defaultTimeoutMs);
  if (timeoutMs === null || timeoutMs <= 0 || timeoutMs > maxTimeoutMs) {
    throw new AppError('invalid_input', 'The question cannot be asked: timeout must be a time of at most 24h.');
  }
  // A question without fields still has to be answerable: with a yes or a no.
  const ask: QuestionField = { name: 'confirmed', type: 'boolean', label: 'Yes', required: true };
  return { type, message, fields: fields === undefined || fields.length === 0 ? [ask] : fields, timeoutMs };
}

/**
 * As operators may see it. Names and values of choices go back to the job as they are, so they cannot be masked: throws
 * AppError `invalid_input` for those with a secret in them.
 */
export function maskAsked(masks: SecretMasks, asked: Asked): Asked {
  if (masks.isEmpty) return asked;
  const refuse = (where: string): never => {
    throw new AppError('invalid_input', `The question cannot be asked: ${where} contains a secret of the job.`);
  };
  const fields = asked.fields.map((field, index): QuestionField => {
    if (masks.apply(field.name) !== field.name) refuse(`the name of field ${index + 1}`);
    const options = field.options?.map(({ value, label }) => {
      if (masks.apply(value) !== value) refuse(`a choice of the field ${field.name}`);
      return { value, label: masks.apply(label) };
    });
    return { ...field, label: masks.apply(field.label), ...(options === undefined ? {} : { options }) };
  });
  return { ...asked, type: masks.apply(asked.type), message: masks.apply(asked.message), fields };
}

/** Something a running job waits to be told. */
export interface PendingQuestion {
  asked: Asked;
  /** Null while an earlier question of the run is open. */
  question: Question | null;
  /** By performance.now(): what was left of the run's time limit when it was asked. */
  limitLeftMs: number;
  timer: NodeJS.Timeout | null;
  isClosing: boolean;
  resolve(answer: Json): void;
  reject(error: Error): void;
}

export type AnswerValue = string | number | boolean | null | ExactNumber;

/** The values as the job gets them. Throws AppError `invalid_input` with the fields at fault. */
export function checkAnswer(
  fields: readonly QuestionField[],
  values: Readonly<Record<string, AnswerValue>>,
): Record<string, AnswerValue> {
  const details: ErrorDetail[] = [];
  const answer: Record<string, AnswerValue> = {};
  for (const field of fields) {
    const value = Object.hasOwn(values, field.name) ? (values[field.name] ?? null) : null;
    const problem = problemOf(field, value);
    if (problem !== null) details.push({ path: ['values', field.name], message: problem });
    else answer[field.name] = value === '' && field.type === 'number' ? null : value;
  }
  for (const name of Object.keys(values)) {
    if (!fields.some((field) => field.name === name))
      details.push({ path: ['values', name], message: 'was not asked for' });
  }
  if (details.length > 0) {
    const [first] = details;
    throw new AppError('invalid_input', `The answer is not valid: ${first?.path.at(-1)} ${first?.message}.`, details);
  }
  return answer;
}

function problemOf({ type, options, required }: QuestionField, value: AnswerValue): string | null {
  if (value === null || value === '') return required ? 'is missing' : null;
  switch (type) {
    case 'number':
      return isExactNumber(value) || Number.isFinite(value) ? null : 'must be a number';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'choice':
      return options?.some((option) => option.value === value) === true ? null : 'must be one of the choices';
    default:
      if (typeof value !== 'string') return 'must be text';
      return value.length > maxAnswerLength ? `must be at most ${maxAnswerLength} characters` : null;
  }
}

/** For the record: what is secret stays between the operator and the job. */
export const withoutSecrets = (
  fields: readonly QuestionField[],
  answer: Readonly<Record<string, AnswerValue>>,
): Record<string, AnswerValue> =>
  Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = answer[name] ?? null;
      return [name, type === 'secret' && value !== null ? '***' : value];
    }),
  );
