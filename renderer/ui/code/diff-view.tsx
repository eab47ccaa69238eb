import { lazy, Suspense } from 'react';
import classes from './code.module.css';
import type { DiffBoxProps } from './diff-box.tsx';

const DiffBox = lazy(() => import('./diff-box.tsx'));

/** What changed from `before` to `after`, in one column; what is the same is folded away. */
export function DiffView({ height, ...props }: DiffBoxProps & { height?: string }) {
  return (
    <div className={classes.editor} style={{ height }}>
      <Suspense fallback={<div className={classes.waiting}>{props.after.slice(0, 4000)}</div>}>
        <DiffBox {...props} />
      </Suspense>
    </div>
  );
}
