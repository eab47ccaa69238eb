export interface Release {
  manifest: { version: string };
  lock: { version: string; packages: Record<string, { version?: string }> };
  jobApi: { version?: string };
  changelog: string;
}

export function readRelease(): Release;
export function versionProblems(release: Release): string[];
export function releaseProblems(release: Release & { isClean: boolean; electron: string | undefined }): string[];
