import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AuditEntry } from '../../../shared/contract/audit.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './team.module.css';
import { viaNames } from './via-names.ts';

const tones = { done: 'green', refused: 'red', failed: 'amber' } as const;

export function AuditRow({ entry }: { entry: AuditEntry }) {
  const [isOpen, setOpen] = useState(false);
  const { at, name, via, address, call, target, outcome, error, before, after } = entry;
  const hasMore = error !== null || before !== null || after !== null;
  return (
    <>
      <tr>
        <td>
          <Timestamp at={at} day />
        </td>
        <td>{name}</td>
        <td>
          {viaNames[via]} <span className={classes.quiet}>{address}</span>
        </td>
        <td className={classes.call}>{call}</td>
        <td className={classes.mono}>{target}</td>
        <td>
          <ToneBadge tone={tones[outcome]}>{outcome}</ToneBadge>
        </td>
        <td>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            disabled={!hasMore}
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Hide details' : 'Details'} of ${call} at ${at}`}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Hide' : 'Details'}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={7}>
            {error !== null && <p>{error}</p>}
            <div className={classes.values}>
              {before !== null && (
                <section aria-label="Before">
                  <span className={classes.quiet}>Before</span>
                  <CodeBlock text={stringifyExact(before, 2)} />
                </section>
              )}
              {after !== null && (
                <section aria-label="After">
                  <span className={classes.quiet}>After</span>
                  <CodeBlock text={stringifyExact(after, 2)} />
                </section>
              )}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
