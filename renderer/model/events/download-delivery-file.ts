import { bytesOf, saveFile } from '../../browser/save-file.ts';
import { call } from '../../client/index.ts';

/** Saves a file of a delivery, as bytes whatever type its sender gave it. */
export async function downloadDeliveryFile(id: string, index: number): Promise<void> {
  const { name, base64 } = await call('deliveries.readFile', { id, index });
  saveFile(name, 'application/octet-stream', bytesOf(base64));
}
