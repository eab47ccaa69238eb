import type { Question, Run } from '../../../../shared/contract/runs.ts';
import { useAction } from '../../../errors/use-action.ts';
import { dropAnswerDraft } from '../../../model/runs/question-draft.ts';
import { answerRun } from '../../../model/runs/run-decisions.ts';
import { cancelRun } from '../../../model/runs/runs-list.ts';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { QuestionForm } from './question-form.tsx';

/** The open question of a run, to be answered here. */
export function RunQuestionPanel({ run, question }: { run: Pick<Run, 'id' | 'job'>; question: Question }) {
  const answer = useAction(async (values: Parameters<typeof answerRun>[2]) => {
    await answerRun(run.id, question.id, values);
    dropAnswerDraft(question.id);
    showDone(`Answer sent to ${run.job}`);
  });
  const cancel = useAction(async () => {
    await cancelRun(run.id);
  });
  return (
    <QuestionForm
      key={question.id}
      question={question}
      busy={answer.busy || cancel.busy}
      error={answer.error ?? cancel.error}
      onAnswer={(values) => void answer.run(values)}
      onCancelRun={() => void cancel.run()}
    />
  );
}
