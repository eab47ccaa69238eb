import classes from './lamp.module.css';

export type Tone = 'green' | 'amber' | 'red' | 'blue' | 'grey';

interface LampProps {
  tone: Tone;
  /** Unlit: a ring. */
  lit?: boolean;
  pulse?: boolean;
  /** For screen readers and on hover; without it the lamp is decoration beside a word. */
  label?: string;
}

/** A signal lamp. */
export function Lamp({ tone, lit = true, pulse = false, label }: LampProps) {
  return (
    <svg
      className={`${classes.lamp} ${classes[tone]} ${pulse ? classes.pulse : ''}`}
      width={12}
      height={12}
      viewBox="0 0 12 12"
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {label !== undefined && <title>{label}</title>}
      {lit ? (
        <>
          {pulse && <circle className={classes.halo} cx={6} cy={6} r={6} fill="currentColor" />}
          <circle cx={6} cy={6} r={pulse ? 3.2 : 4} fill="currentColor" />
        </>
      ) : (
        <circle cx={6} cy={6} r={3.4} fill="none" stroke="currentColor" strokeWidth={1.4} />
      )}
    </svg>
  );
}
