import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/contract/bridge.ts';

function follow<T>(channel: 'push' | 'message', listener: (value: T) => void): () => void {
  // The event itself stays here: through it the page would reach ipcRenderer.
  const forward = (_event: IpcRendererEvent, value: T): void => listener(value);
  ipcRenderer.on(channel, forward);
  // Returns nothing: removeListener would hand ipcRenderer itself to the page.
  return () => {
    ipcRenderer.removeListener(channel, forward);
  };
}

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke('call', name, input),
  onPush: (listener) => follow('push', listener),
  onMessage: (listener) => follow('message', listener),
};

contextBridge.exposeInMainWorld('signalbox', bridge);
