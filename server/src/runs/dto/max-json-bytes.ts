import { ValidateBy, type ValidationOptions } from 'class-validator';

/** The value takes at most `limit` bytes as JSON. */
export const MaxJsonBytes = (limit: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxJsonBytes',
      constraints: [limit],
      validator: {
        validate: (value: unknown) =>
          value === undefined || Buffer.byteLength(JSON.stringify(value)) <= limit,
        defaultMessage: () => `$property must take at most ${String(limit)} bytes as JSON`,
      },
    },
    options,
  );
