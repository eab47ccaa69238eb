import { useEffect, useState } from 'react';
import { askBeforeLeaving } from '../../browser/leaving.ts';

export interface Leaving {
  /** The form shows its question: something was typed, and the operator is about to leave it. */
  isAsking: boolean;
  keep: () => void;
  discard: () => void;
}

/** Asks before what was typed in a form is left behind; `wouldLose`: there is something, and it is kept nowhere else. */
export function useLeaving(wouldLose: boolean): Leaving {
  const [go, setGo] = useState<{ on: () => void } | null>(null);
  useEffect(() => (wouldLose ? askBeforeLeaving((on) => setGo({ on })) : undefined), [wouldLose]);
  return {
    isAsking: wouldLose && go !== null,
    keep: () => setGo(null),
    discard: () => {
      setGo(null);
      go?.on();
    },
  };
}
