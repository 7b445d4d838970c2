import { ValidateBy } from 'class-validator';

/** A mapping of names to texts that fit the pattern, with at most `max` entries. */
export const IsTextMap = (max: number, pattern: RegExp, message: string): PropertyDecorator =>
  ValidateBy({
    name: 'isTextMap',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.keys(value).length <= max &&
        Object.entries(value).every(
          ([name, text]) => name.length <= max && typeof text === 'string' && pattern.test(text),
        ),
      defaultMessage: () => message,
    },
  });
