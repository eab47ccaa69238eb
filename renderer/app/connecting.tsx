import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** Before the first answer; late, so that a quick start shows nothing at all. */
export function Connecting() {
  return (
    <main className={classes.gate} data-late role="status">
      <BrandMark tone="off" size={40} />
      <p>Waiting for Signalbox…</p>
      <p className={classes.quiet}>Retrying automatically.</p>
    </main>
  );
}
