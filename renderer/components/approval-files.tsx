import type { Approval } from '../../shared/contract/approvals.ts';
import classes from './approval-files.module.css';
import { Mono } from './mono.tsx';
import { ToneBadge } from './tone-badge.tsx';

interface Row {
  path: string;
  name: string;
  detail: string;
  sha256: string;
  change: 'same' | 'changed' | 'new' | null;
}

/** Every file and package that would be loaded, and what differs from the run approved before. */
export function ApprovalFiles({ approval }: { approval: Approval }) {
  const { files, packages, open } = approval;
  if (files.length + packages.length + open.length === 0) return null;
  const rows: Row[] = [
    ...files.map((file) => ({ ...file, name: file.path, detail: '' })),
    ...packages.map((one) => ({ ...one, detail: one.version })),
  ];
  return (
    <section aria-label="Files that will be loaded">
      <h3 className={classes.title}>
        Files that will be loaded <span className={classes.count}>{countText(files.length, packages.length)}</span>
      </h3>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead className={classes.head}>
            <tr>
              <th>File or package</th>
              <th>SHA-256</th>
              <th>Since last approval</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ path, name, detail, sha256, change }) => (
              <tr key={path} title={path}>
                <th scope="row">
                  <Mono>{name}</Mono> {detail !== '' && <span className={classes.dim}>{detail}</span>}
                </th>
                <td title={sha256}>
                  <Mono dim>{sha256.slice(0, 16)}…</Mono>
                </td>
                <td>
                  {change === 'changed' || change === 'new' ? (
                    <ToneBadge tone="amber">{change}</ToneBadge>
                  ) : (
                    <span className={classes.dim}>{change ?? 'first approval'}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open.length > 0 && (
        <div className={classes.open} role="note">
          <p>Not known before it runs, and not covered by the approval:</p>
          <ul>
            {open.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function countText(files: number, packages: number): string {
  const parts = [files === 1 ? '1 file' : `${files} files`];
  if (packages > 0) parts.push(packages === 1 ? '1 package' : `${packages} packages`);
  return parts.join(', ');
}
