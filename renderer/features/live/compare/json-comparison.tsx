import { useMemo } from 'react';
import { type FieldRoot, formatFieldPath } from '../../../../shared/conditions/values/paths.ts';
import type { Json } from '../../../../shared/contract/common.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { jsonDifferences, maxDifferences, orderedLike } from '../../../model/events/json-differences.ts';
import { DiffView } from '../../../ui/code/diff-view.tsx';
import { briefJson } from '../../../ui/text/brief-json.ts';
import { formatCount } from '../../../ui/text/format.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from './compare.module.css';

interface JsonComparisonProps {
  root: FieldRoot;
  before: Json;
  after: Json;
}

/** Longer values are cut in the table; the text below has them whole. */
const shownLength = 160;

/** Two JSON values: the fields that differ, then both as one text with the changed lines marked. */
export function JsonComparison({ root, before, after }: JsonComparisonProps) {
  const differences = useMemo(() => jsonDifferences(before, after), [before, after]);
  const texts = useMemo(
    () => ({ before: stringifyExact(before, 2), after: stringifyExact(orderedLike(after, before), 2) }),
    [before, after],
  );
  if (differences.length === 0) return <p className={classes.quiet}>The {root} is the same.</p>;
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, maxDifferences).map((difference) => {
            const path = formatFieldPath({ root, segments: difference.path });
            return (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td className={classes.before}>
                  <Value value={difference.before} />
                </td>
                <td className={classes.after}>
                  <Value value={difference.after} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {differences.length > maxDifferences && (
        <p className={classes.quiet}>The first {formatCount(maxDifferences)} differences are listed.</p>
      )}
      <DiffView before={texts.before} after={texts.after} label={`Changes of the ${root}`} />
    </>
  );
}

const Value = ({ value }: { value: Json | undefined }) =>
  value === undefined ? (
    <i className={classes.absent}>not present</i>
  ) : (
    <VisibleText text={briefJson(value, shownLength)} />
  );
