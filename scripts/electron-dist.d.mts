/** An Electron that can be started; `stand-in` is the older one used where Electron's own download is out of reach. */
export interface ElectronDist {
  distPath: string;
  kind: 'official' | 'stand-in' | 'override';
  executablePath: string;
}

/** The Electron set up for this clone, or undefined when there is none yet. Reads files only. */
export function electronDist(): ElectronDist | undefined;

/** What a program that starts Electron through the `electron` package needs in its environment. */
export function electronEnv(dist: ElectronDist): { ELECTRON_OVERRIDE_DIST_PATH: string };
