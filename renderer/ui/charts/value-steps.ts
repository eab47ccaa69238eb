/** Which steps an axis can have: `whole` for counts, `binary` for bytes. */
export type StepKind = 'decimal' | 'whole' | 'binary';

/** Lines above zero; as many have room for their labels. */
const mostSteps = 3;

/** What doubles lose in a division must not make another step. */
const slack = 1e-9;

/** Values of the lines of an axis from 0 up: the last one is at least `max`, so that the highest value can be read. */
export function valueSteps(max: number, kind: StepKind): number[] {
  if (!(max > 0)) return [0, 1];
  const step = leastStep(max / mostSteps, kind);
  return Array.from({ length: Math.ceil(max / step - slack) + 1 }, (_, index) => index * step);
}

function leastStep(size: number, kind: StepKind): number {
  if (kind === 'binary') return 2 ** Math.max(0, Math.ceil(Math.log2(size)));
  if (kind === 'whole' && size <= 1) return 1;
  const exponent = Math.floor(Math.log10(size));
  // A negative power is divided by: 3 * 0.1 is not 0.3.
  const scaled = (n: number): number => (exponent < 0 ? n / 10 ** -exponent : n * 10 ** exponent);
  return [1, 2, 5, 10].map(scaled).find((step) => step >= size * (1 - slack)) ?? size;
}
