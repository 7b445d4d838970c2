import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';
import { invalid, type DomainError, type FieldError } from './domain-error.js';

type Pointer = (path: readonly string[]) => string;

const bodyPointer: Pointer = (path) =>
  path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const queryPointer: Pointer = (path) => `?${path.join('.')}`;
const PLAIN_TYPES: readonly unknown[] = [undefined, Object, String, Number, Boolean, Array, Buffer];

/**
 * Validates bodies and queries against their DTO classes: unknown fields, wrong values and text that no
 * database can store (NUL, lone surrogates) are 400 `invalid_request` with a pointer to each place.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  private readonly body = validatorFor(bodyPointer);
  private readonly query = validatorFor(queryPointer);

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' && metadata.type !== 'query') return value;
    if (PLAIN_TYPES.includes(metadata.metatype)) return value;
    const pointer = metadata.type === 'query' ? queryPointer : bodyPointer;
    if (value !== undefined && !isObject(value)) {
      throw refuse([{ pointer: '', message: 'the body must be a JSON object' }]);
    }
    const unstorable = unstorableTexts(value, [], pointer);
    if (unstorable.length > 0) throw refuse(unstorable);
    const pipe = metadata.type === 'query' ? this.query : this.body;
    return pipe.transform(withoutOpen(value, metadata.metatype), metadata) as Promise<unknown>;
  }
}

/** A DTO class may leave the parameters with a prefix to somebody else, by a static `openPrefix`. */
function withoutOpen(value: unknown, metatype: object | undefined): unknown {
  const prefix = metatype !== undefined && 'openPrefix' in metatype ? metatype.openPrefix : null;
  if (typeof prefix !== 'string' || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith(prefix)));
}

function validatorFor(pointer: Pointer): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => refuse(errors.flatMap((error) => fieldErrors(error, [], pointer))),
  });
}

function refuse(errors: readonly FieldError[]): DomainError {
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : '';
  const place = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return invalid(`The request is not valid: ${place}${first?.message ?? 'unknown reason'}${more}.`, errors);
}

function fieldErrors(error: ValidationError, above: readonly string[], pointer: Pointer): FieldError[] {
  const path = [...above, error.property];
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    pointer: pointer(path),
    message: rule === 'whitelistValidation' ? 'is not a known field' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, path, pointer))];
}

const RESERVED_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];
/** What walks a value must not run out of stack. */
const DEEPEST = 100;
const UNSTORABLE = 'contains a character that cannot be stored (NUL or half a character)';
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function unstorableTexts(value: unknown, path: readonly string[], pointer: Pointer): FieldError[] {
  if (typeof value === 'string') {
    return isStorable(value) ? [] : [{ pointer: pointer(path), message: UNSTORABLE }];
  }
  if (!isObject(value) && !Array.isArray(value)) return [];
  if (path.length > DEEPEST) {
    return [{ pointer: pointer(path.slice(0, 3)), message: `is nested more than ${String(DEEPEST)} deep` }];
  }
  return Object.entries(value).flatMap(([key, child]) => [
    ...badKey(key).map((message) => ({ pointer: pointer(path), message })),
    ...unstorableTexts(child, [...path, key], pointer),
  ]);
}

/** Reserved keys would be dropped silently on the way: whoever sends one is told. */
function badKey(key: string): string[] {
  if (!isStorable(key)) return [`has a key that ${UNSTORABLE}`];
  return RESERVED_KEYS.includes(key) ? [`has the reserved key ${key}`] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
