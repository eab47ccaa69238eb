/** A two-aspect colour-light signal: the lamps are the app's own state, red unlit while all is well. */
export function BrandMark({ tone = 'green', size = 20 }: { tone?: 'green' | 'red' | 'off'; size?: number }) {
  return (
    <svg width={size * 0.6} height={size} viewBox="0 0 12 20" aria-hidden>
      <rect x={0.5} y={0.5} width={11} height={19} rx={5.5} fill="var(--sb-ink)" />
      <circle
        cx={6}
        cy={6}
        r={3}
        fill={tone === 'red' ? 'var(--sb-red)' : 'color-mix(in srgb, var(--sb-on-ink) 22%, var(--sb-ink))'}
      />
      <circle
        cx={6}
        cy={14}
        r={3}
        fill={tone === 'green' ? 'var(--sb-green)' : 'color-mix(in srgb, var(--sb-on-ink) 22%, var(--sb-ink))'}
      />
    </svg>
  );
}
