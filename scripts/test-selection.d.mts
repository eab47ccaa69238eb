export function selectTests(
  args: readonly string[],
  from?: string,
): { files: string[]; specs: string[]; flags: string[] };
