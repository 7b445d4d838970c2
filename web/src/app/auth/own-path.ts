/** Only a path of this console: never another site. */
export function ownPath(path: string | undefined): string {
  return path !== undefined && path.startsWith('/') && !path.startsWith('//') ? path : '/runs';
}
