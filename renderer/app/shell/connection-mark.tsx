import { useDesktop, useShownConnection } from '../../model/app/desktop.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import classes from './connection-mark.module.css';

/** Says in the status bar what the window shows, once there is more than this computer. */
export function ConnectionMark() {
  const hasOthers = useDesktop(({ state }) => (state?.connections.length ?? 0) > 0);
  const connection = useShownConnection();
  if (!hasOthers) return null;
  return (
    <a
      className={classes.mark}
      href={hrefOf(paths.connections())}
      data-color={connection?.color ?? 'none'}
      title={connection?.address ?? 'Signalbox on this computer'}
    >
      {connection?.name ?? 'This computer'}
    </a>
  );
}
