import type { Feature } from '../../model/app/feature.ts';
import { Palette } from './palette.tsx';

export const feature: Feature = { id: 'palette', routes: [], overlay: Palette };
