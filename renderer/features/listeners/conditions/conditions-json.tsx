import { useState } from 'react';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { type GroupNode, inputOf } from '../../../model/definitions/condition-tree.ts';
import { CodeEditor } from '../../../ui/code/code-editor.tsx';
import { Hint } from '../../../ui/text/hint.tsx';
import classes from '../listeners.module.css';
import { readConditionsText } from '../model/read-conditions.ts';
import { JsonProblems } from './json-problems.tsx';

interface ConditionsJsonProps {
  where: GroupNode;
  readOnly: boolean;
  onChange: (where: GroupNode) => void;
}

/** The same conditions as text. What cannot be read stays here and changes nothing. */
export function ConditionsJson({ where, readOnly, onChange }: ConditionsJsonProps) {
  const [text, setText] = useState(() => stringifyExact(inputOf(where).input, 2));
  const read = readConditionsText(text);
  return (
    <div className={classes.json}>
      <CodeEditor
        label="Conditions as JSON"
        language="json"
        value={text}
        height="260px"
        readOnly={readOnly}
        invalid={!read.ok}
        onChange={(next) => {
          setText(next);
          const result = readConditionsText(next);
          if (result.ok) onChange(result.where);
        }}
      />
      {read.ok ? (
        <Hint>
          Full form, or the short form: <code>{'{"payload.status": ["a", "b"], "context.spaceId": "x"}'}</code>.
        </Hint>
      ) : (
        <JsonProblems problems={read.problems}>
          <li className={classes.quietInline}>Until this is valid, the previous conditions apply.</li>
        </JsonProblems>
      )}
    </div>
  );
}
