export interface BundleRequest {
  staged: string;
  out: string;
  electronVersion: string;
  electronZipDir: string | undefined;
  icon: string | undefined;
  platform: string;
  arch: string;
}

/** What @electron/packager is told. */
export function packagerOptions(request: BundleRequest): {
  name: string;
  executableName: string;
  appVersion: string;
  asar: { unpack: string; unpackDir: string };
  protocols: { name: string; schemes: string[] }[];
};
