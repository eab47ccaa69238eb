import type { Run } from '../../../shared/contract/runs.ts';
import { call } from '../../client/index.ts';
import { inboxList } from './inbox-list.ts';
import type { AnswerValue } from './question-draft.ts';
import { runsList } from './runs-list.ts';

const spread = (runs: readonly Run[]): void => {
  inboxList.push([...runs]);
  runsList.push([...runs]);
};

const noteOf = (note: string | undefined): { note?: string } =>
  note === undefined || note.trim() === '' ? {} : { note: note.trim() };

/** `digest` is of what the operator was shown: the call is refused when something else would run by now. */
export async function approveRun(id: string, digest: string, note?: string): Promise<void> {
  const { items } = await call('runs.approve', { ids: [id], digest, ...noteOf(note) });
  spread(items);
}

/** For good: the runs are canceled. The same event can be given to the job again by a retry. */
export async function rejectRuns(ids: readonly string[], note?: string): Promise<void> {
  const { items } = await call('runs.reject', { ids: [...ids], ...noteOf(note) });
  spread(items);
}

/** Secret values go to the job and are kept nowhere. */
export async function answerRun(id: string, questionId: string, values: Record<string, AnswerValue>): Promise<void> {
  spread([await call('runs.answer', { id, questionId, values })]);
}
