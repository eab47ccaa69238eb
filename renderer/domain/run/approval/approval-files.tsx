import type { Approval } from '../../../../shared/contract/approvals.ts';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import classes from './approval-files.module.css';

interface Row {
  path: string;
  name: string;
  version: string;
  sha256: string;
  change: 'same' | 'changed' | 'new' | null;
}

/** Every file and package that would be loaded, and what differs from the run approved before. */
export function ApprovalFiles({ approval }: { approval: Approval }) {
  const { files, packages, open } = approval;
  if (files.length + packages.length + open.length === 0) return null;
  const shown: Row[] = [
    ...files.map((file) => ({ ...file, name: file.path, version: '' })),
    ...packages.filter(isChanged),
  ];
  const folded: Row[] = packages.filter((one) => !isChanged(one));
  return (
    <section aria-label="Files that will be loaded">
      <h3 className={classes.title}>
        Files that will be loaded <span className={classes.dim}>{countText(files.length, packages.length)}</span>
      </h3>
      <HashList rows={shown} />
      {folded.length > 0 && (
        <details className={classes.more}>
          <summary>
            {approval.previous === null ? packageText(folded.length) : `${packageText(folded.length)} unchanged`}
          </summary>
          <HashList rows={folded} />
        </details>
      )}
      {open.length > 0 && (
        <div className={classes.open} role="note">
          <p>Known only at run time, and not covered by the approval:</p>
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

function HashList({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className={classes.list}>
      {rows.map(({ path, name, version, sha256, change }) => (
        <li key={path} className={classes.row} title={path}>
          <span className={classes.name}>
            <Mono>{name}</Mono> {version !== '' && <span className={classes.dim}>{version}</span>}
          </span>
          <span title={`SHA-256 ${sha256}`}>
            <Mono dim>SHA-256 {sha256.slice(0, 16)}…</Mono>
          </span>
          {isChanged({ change }) && <ToneBadge tone="amber">{change}</ToneBadge>}
        </li>
      ))}
    </ul>
  );
}

const isChanged = ({ change }: Pick<Row, 'change'>): boolean => change === 'changed' || change === 'new';

const packageText = (count: number): string => (count === 1 ? '1 package' : `${count} packages`);

const countText = (files: number, packages: number): string =>
  `${files === 1 ? '1 file' : `${files} files`}${packages === 0 ? '' : `, ${packageText(packages)}`}`;
