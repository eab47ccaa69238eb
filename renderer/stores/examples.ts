import type { Example, ExamplePart } from '../../shared/contract/examples.ts';
import { paths } from './paths.ts';

const pages: Readonly<Record<ExamplePart['kind'], (slug: string) => string>> = {
  source: paths.source,
  job: paths.job,
  listener: paths.listener,
};

export const pageOfPart = ({ kind, slug }: ExamplePart): string => pages[kind](slug);

/** What an operator has still to give before the example works. */
export const openNeeds = ({ needs }: Example): Example['needs'] => needs.filter(({ isMet }) => !isMet);
