import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

// FuseState of @electron/fuses, which exports the numbers as a type alone in some versions.
const states = { 48: false, 49: true, 114: 'removed', 144: 'inherit' };

/**
 * What the packaged Electron may be made to do from outside; docs/packaging.md says why. Fuses that only some platforms
 * or versions have are listed too: a wire without them leaves them alone.
 */
export const fuses = {
  // The guardian, script workers, the server and the command are this program as plain Node.
  RunAsNode: true,
  EnableCookieEncryption: true,
  // Off, it also takes NODE_EXTRA_CA_CERTS from the server and its jobs, and with RunAsNode on it keeps nobody out.
  EnableNodeOptionsEnvironmentVariable: true,
  EnableNodeCliInspectArguments: false,
  // Checked on macOS and Windows; Linux has no such check.
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

/** Sets the fuses of a packaged program. */
export async function setFuses(executable, platform = process.platform) {
  const wanted = Object.fromEntries(Object.entries(fuses).map(([name, isOn]) => [FuseV1Options[name], isOn]));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: platform === 'darwin',
    ...wanted,
  });
}

/** The fuses that a program has, by name: true, false or 'removed'. */
export async function readFuses(executable) {
  const wire = await getCurrentFuseWire(executable);
  return Object.fromEntries(
    Object.keys(fuses)
      .filter((name) => wire[FuseV1Options[name]] !== undefined)
      .map((name) => [name, states[wire[FuseV1Options[name]]]]),
  );
}
