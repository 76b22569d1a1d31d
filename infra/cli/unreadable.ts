const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What hinders the file system (`ENOENT`, `EACCES`, …), for the person at the terminal; undefined: it is another error. */
export const fileTrouble = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
  switch (codeOf(error)) {
    case 'ENOENT':
      return `there is no ${path}`;
    case 'ENOTDIR':
      return `${path} leads through something that is no folder`;
    case 'EISDIR':
      return `${path} is a folder, not a file`;
    case 'EACCES':
    case 'EPERM':
      return `${path} is there, but this user may not use it (${codeOf(error)})`;
    default:
      return error.message;
  }
};

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
