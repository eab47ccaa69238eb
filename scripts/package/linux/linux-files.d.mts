export function linuxFiles(version: string): { path: string; content: string | Buffer; mode: number }[];
export function linuxOptions(
  folder: string,
  out: string,
): { icon: Record<string, string>; mimeType: string[]; name: string };
