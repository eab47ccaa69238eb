import type { PlanDifference } from '../../../../shared/contract/approvals.ts';
import classes from './difference-table.module.css';

/** A command comes as a JSON list: one argument a line is easier to compare. */
function valueText(value: string | null): string | null {
  if (value?.startsWith('[') !== true) return value;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map((one) => (one === '' ? '""' : String(one))).join('\n') : value;
  } catch {
    // It only looks like a list.
    return value;
  }
}

/** What would run, before and now. */
export function DifferenceTable({ differences }: { differences: readonly PlanDifference[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>What</th>
          <th>Before</th>
          <th>Now</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.what}>
            <th scope="row">{difference.what}</th>
            <td className={classes.before}>{valueText(difference.before) ?? <i>not present</i>}</td>
            <td className={classes.now}>{valueText(difference.now) ?? <i>not present</i>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
