/** A two-aspect colour-light signal. Green: deliveries are accepted. Red: they are not. */
export function BrandMark({ tone = 'green', size = 20 }: { tone?: 'green' | 'red' | 'off'; size?: number }) {
  const lamp = (aspect: 'green' | 'red'): string => (tone === aspect ? `var(--sb-${aspect})` : 'var(--sb-brand-unlit)');
  return (
    <svg width={size * 0.6} height={size} viewBox="0 0 12 20" aria-hidden>
      <rect x={0.5} y={0.5} width={11} height={19} rx={5.5} fill="var(--sb-brand)" stroke="var(--sb-brand-edge)" />
      <circle cx={6} cy={6} r={3} fill={lamp('red')} />
      <circle cx={6} cy={14} r={3} fill={lamp('green')} />
    </svg>
  );
}
