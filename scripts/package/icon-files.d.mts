interface Picture {
  size: number;
  png: Buffer;
}

export function icoOf(pictures: Picture[]): Buffer;
export function icnsOf(pictures: Picture[]): Buffer;
export function writeIco(folder: string): string;
export function writeIcns(folder: string): string;
