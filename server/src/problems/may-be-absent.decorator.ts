import { ValidateIf } from 'class-validator';

/** The field may be left out, and then has its default; `null` is a value, and a wrong one. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);
