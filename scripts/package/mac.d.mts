interface Request {
  folder: string;
  out: string;
}

export const macTool: { name: string; version: string };
export function dmgOptions(request: Request & { icon: string }): { appPath: string; dmgPath: string; icon: string };
export function macZipArguments(request: Request): { target: string; args: string[] };
