import { useShownConnection } from '../model/app/desktop.ts';
import { ShowThisComputer } from './server-sign-in.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** Before the first answer; late, so that a quick start shows nothing at all. */
export function Connecting() {
  const connection = useShownConnection();
  return (
    <main className={classes.gate} data-late>
      <BrandMark tone="off" size={40} />
      <p role="status">Waiting for {connection?.name ?? 'Signalbox'}…</p>
      <p className={classes.quiet}>Retrying automatically.</p>
      {connection !== null && <ShowThisComputer />}
    </main>
  );
}
