import type { PushConnection, PushHub } from '../../console/push/push-hub.ts';

/** A hub that is there before the runtime has started: whoever connects earlier is connected then. */
export function lateHub(hub: Promise<Pick<PushHub, 'connect'>>): Pick<PushHub, 'connect'> {
  return {
    connect(send, options) {
      let isClosed = false;
      let connection: PushConnection | null = null;
      void hub.then((opened) => {
        if (!isClosed) connection = opened.connect(send, options);
      });
      return {
        resume: () => connection?.resume(),
        close() {
          isClosed = true;
          connection?.close();
        },
      };
    },
  };
}
