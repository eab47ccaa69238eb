import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { RunQuestionPanel } from '../../../domain/run/question/run-question-panel.tsx';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../runs.module.css';

const tones = { open: 'amber', answered: 'green', unanswered: 'red', canceled: 'grey' } as const;

/** What the run asks now, and what it asked before with the answers it got. */
export function RunQuestions({ run }: { run: RunDetail }) {
  const past = run.questions.filter((question) => question.result !== 'open');
  return (
    <div className={classes.sheet}>
      {run.question !== null && <RunQuestionPanel run={run} question={run.question} />}
      {past.map((question) => (
        <section key={question.id} className={classes.asked}>
          <p className={classes.askedLine}>
            <ToneBadge tone={tones[question.result]}>{question.result}</ToneBadge>
            <span className={classes.askedText}>{question.message}</span>
            <span className={classes.dim}>
              {question.answeredBy !== null && <>by {question.answeredBy} · </>}
              <Timestamp at={question.answeredAt ?? question.askedAt} />
            </span>
          </p>
          {question.answer !== null && (
            <JsonView value={question.answer} label={`Answer to ${question.type}`} maxHeight="160px" />
          )}
        </section>
      ))}
    </div>
  );
}
