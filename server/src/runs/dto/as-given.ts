import { Transform } from 'class-transformer';

/** Keeps a free-form object as it came: the transformer drops keys that JavaScript gives a meaning, such as `constructor`. */
export const AsGiven = (): PropertyDecorator =>
  Transform(({ obj, key }: { obj: Readonly<Record<string, unknown>>; key: string }) => obj[key]);
