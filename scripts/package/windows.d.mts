export const windowsTool: { name: string; version: string };
export function windowsInstallerOptions(request: { folder: string; out: string; icon: string }): {
  appDirectory: string;
  outputDirectory: string;
  name: string;
  authors: string;
  exe: string;
  version: string;
  setupIcon: string;
};
