import { createContext, useContext } from 'react';

type Density = 'compact' | 'normal' | 'roomy';

/** In px. */
const rowHeights: Record<Density, number> = { compact: 24, normal: 28, roomy: 34 };

/** How close the rows of lists stand; the app provides what the operator chose. */
export const DensityContext = createContext<Density>('normal');

/** In px. */
export const useRowHeight = (): number => rowHeights[useContext(DensityContext)];
