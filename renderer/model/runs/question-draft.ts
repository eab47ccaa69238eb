import { create } from 'zustand';
import type { QuestionField } from '../../../shared/contract/runs.ts';
import { type ExactNumber, readNumber } from '../../../shared/exact-json/exact-number.ts';

export type AnswerValue = string | number | boolean | ExactNumber;

/** As it is being typed, by field. */
export type AnswerDraft = Readonly<Record<string, string | boolean>>;

export const emptyAnswer = (fields: readonly QuestionField[]): AnswerDraft =>
  Object.fromEntries(fields.map((field) => [field.name, field.type === 'boolean' ? false : '']));

/** Names of the fields that still want a value; a switch always has one. */
export const missingAnswers = (fields: readonly QuestionField[], draft: AnswerDraft): string[] =>
  fields
    .filter((field) => {
      const value = draft[field.name] ?? '';
      if (typeof value === 'boolean') return false;
      if (
        field.type === 'number' &&
        value.trim() !== '' &&
        readNumber(value.trim()) === null &&
        !Number.isFinite(Number(value))
      )
        return true;
      return field.required && value.trim() === '';
    })
    .map((field) => field.name);

/** Fields that were left empty are left out; a secret is handed on as it was typed, blanks and all. */
export function answerOf(fields: readonly QuestionField[], draft: AnswerDraft): Record<string, AnswerValue> {
  const values: Record<string, AnswerValue> = {};
  for (const { name, type } of fields) {
    const value = draft[name] ?? '';
    if (typeof value === 'boolean') values[name] = value;
    else if (value.trim() === '') continue;
    else values[name] = type === 'number' ? (readNumber(value.trim()) ?? Number(value)) : value;
  }
  return values;
}

interface AnswerDraftsState {
  byQuestion: Readonly<Record<string, AnswerDraft>>;
}

/** By question id, for as long as the window: looking at another run must not cost an answer. Never a secret. */
const useAnswerDrafts = create<AnswerDraftsState>(() => ({ byQuestion: {} }));

export const useAnswerDraft = (questionId: string): AnswerDraft | undefined =>
  useAnswerDrafts((state) => state.byQuestion[questionId]);

/** The fields that are kept while the answer is not sent. */
export const keepAnswerDraft = (questionId: string, fields: readonly QuestionField[], draft: AnswerDraft): void => {
  const kept = fields.flatMap(({ name, type }) => {
    const value = draft[name];
    return type === 'secret' || value === undefined ? [] : [[name, value] as const];
  });
  useAnswerDrafts.setState(({ byQuestion }) => ({
    byQuestion: { ...byQuestion, [questionId]: Object.fromEntries(kept) },
  }));
};

export const dropAnswerDraft = (questionId: string): void =>
  useAnswerDrafts.setState(({ byQuestion: { [questionId]: _dropped, ...others } }) => ({ byQuestion: others }));

/** Whether the draft has what is kept nowhere: a secret that was typed. */
export const hasTypedSecret = (fields: readonly QuestionField[], draft: AnswerDraft): boolean =>
  fields.some(({ name, type }) => type === 'secret' && (draft[name] ?? '') !== '');
