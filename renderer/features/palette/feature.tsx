import type { Feature } from '../../stores/feature.ts';
import { Palette } from './palette.tsx';

export const feature: Feature = { id: 'palette', routes: [], overlay: Palette };
