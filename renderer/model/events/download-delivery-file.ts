import { call } from '../client/index.ts';
import { bytesOf, saveFile } from './save-file.ts';

/** Saves a file of a delivery, as bytes whatever type its sender gave it. */
export async function downloadDeliveryFile(id: string, index: number): Promise<void> {
  const { name, base64 } = await call('deliveries.readFile', { id, index });
  saveFile(name, 'application/octet-stream', bytesOf(base64));
}
