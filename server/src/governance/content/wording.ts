/** `1 artifact`, `2 artifacts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const SHOWN = 10;

/** The first ten of a list, and how many more there are. */
export function listed(items: readonly string[], separator = ', '): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}

const UNITS = ['byte', 'KiB', 'MiB', 'GiB'] as const;

/** A size for people in binary units: `512 bytes`, `1.5 MiB`. */
export function describeSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  if (power === 0) return counted(bytes, 'byte');
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${UNITS[power]}`;
}
