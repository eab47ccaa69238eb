import type { ClauseVerdict } from '../../../shared/contract/listeners.ts';
import { VisibleText } from '../../ui/text/visible-text.tsx';

/** In what a text that was seen differs from the wanted one that it reads like. */
export function ClauseDifference({ difference }: { difference: NonNullable<ClauseVerdict['difference']> }) {
  return (
    <>
      {difference.text}: expected{' '}
      <code>
        <VisibleText text={difference.wanted} />
      </code>
      , got{' '}
      <code>
        <VisibleText text={difference.seen} />
      </code>
    </>
  );
}
