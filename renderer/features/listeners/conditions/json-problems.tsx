import type { ReactNode } from 'react';
import classes from '../listeners.module.css';
import type { JsonProblem } from '../model/read-conditions.ts';

/** What cannot be read of a JSON text, at its lines. */
export function JsonProblems({ problems, children }: { problems: readonly JsonProblem[]; children?: ReactNode }) {
  return (
    <ul className={classes.jsonProblems} role="alert">
      {problems.slice(0, 6).map((problem) => (
        <li key={`${problem.clause}:${problem.message}`}>
          {problem.line !== null && <span className={classes.line}>Line {problem.line}</span>}
          {problem.clause !== '' && <code>{problem.clause}</code>} {problem.message}
        </li>
      ))}
      {problems.length > 6 && <li>and {problems.length - 6} more</li>}
      {children}
    </ul>
  );
}
