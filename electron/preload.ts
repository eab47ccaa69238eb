import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/contract/bridge.ts';
import type { PushEnvelope } from '../shared/contract/pushes.ts';

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke('call', name, input),
  onPush(listener) {
    // The event itself stays here: through it the page would reach ipcRenderer.
    const forward = (_event: IpcRendererEvent, envelope: PushEnvelope): void => listener(envelope);
    ipcRenderer.on('push', forward);
    // Returns nothing: removeListener would hand ipcRenderer itself to the page.
    return () => {
      ipcRenderer.removeListener('push', forward);
    };
  },
};

contextBridge.exposeInMainWorld('signalbox', bridge);
