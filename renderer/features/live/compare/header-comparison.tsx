import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from './compare.module.css';

/** All headers of two deliveries, those that differ first. A null is an event that no delivery brought. */
export function HeaderComparison({ before, after }: { before: string | null; after: string | null }) {
  const a = useCall('deliveries.get', before === null ? null : { id: before });
  const b = useCall('deliveries.get', after === null ? null : { id: after });
  if (before === null && after === null) return <p className={classes.quiet}>Neither event arrived over HTTP.</p>;
  const error = [a.error, b.error].find((one) => one !== null && one.code !== 'not_found');
  if (error !== undefined && error !== null) return <ErrorState error={error} />;
  if (a.loading || b.loading) return <LoadingRows rows={8} />;
  const [left, right] = [joined(a.value), joined(b.value)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const differs = (name: string): boolean => left.get(name) !== right.get(name);
  const rows = [...names.filter(differs), ...names.filter((name) => !differs(name))];
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Header</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={differs(name) ? classes.before : undefined}>
              <Value text={left.get(name)} />
            </td>
            <td className={differs(name) ? classes.after : undefined}>
              <Value text={right.get(name)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Value = ({ text }: { text: string | undefined }) =>
  text === undefined ? <i className={classes.absent}>not present</i> : <VisibleText text={text} />;

/** Names in lower case; repeats in one line. */
function joined(delivery: DeliveryDetail | undefined): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of delivery?.headers ?? []) {
    const key = name.toLowerCase();
    const known = all.get(key);
    all.set(key, known === undefined ? value : `${known}, ${value}`);
  }
  return all;
}
