import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';

export const iconSizes = [16, 32, 48, 64, 128, 256, 512];
export const iconFile = (size) => join(root, 'resources', 'icons', `icon-${size}.png`);

/** A Windows .ico with PNG pictures, which Windows reads since Vista. https://en.wikipedia.org/wiki/ICO_(file_format) */
export function icoOf(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index;
    // 0 stands for 256.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

// Types of pictures that may be PNG. https://en.wikipedia.org/wiki/Apple_Icon_Image_format
const icnsTypes = { 32: 'ic11', 64: 'ic12', 128: 'ic07', 256: 'ic08', 512: 'ic09' };

/** A macOS .icns with PNG pictures. */
export function icnsOf(pictures) {
  const parts = pictures.flatMap(({ size, png }) => {
    const type = icnsTypes[size];
    if (type === undefined) return [];
    const head = Buffer.alloc(8);
    head.write(type, 0, 'ascii');
    head.writeUInt32BE(png.length + 8, 4);
    return [head, png];
  });
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'ascii');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const pictures = (sizes) => sizes.map((size) => ({ size, png: readFileSync(iconFile(size)) }));

/** Writes signalbox.ico into a folder and gives its path. */
export function writeIco(folder) {
  const path = join(folder, 'signalbox.ico');
  writeFileSync(path, icoOf(pictures(iconSizes.filter((size) => size <= 256))));
  return path;
}

/** Writes signalbox.icns into a folder and gives its path. */
export function writeIcns(folder) {
  const path = join(folder, 'signalbox.icns');
  writeFileSync(path, icnsOf(pictures(iconSizes)));
  return path;
}
