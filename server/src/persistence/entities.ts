import { ApiKeyEntity } from '../auth/api-key.entity.js';
import { LoginAttemptEntity } from '../auth/login-attempt.entity.js';
import { RateWindowEntity } from '../auth/rate-window.entity.js';
import { SessionEntity } from '../auth/session.entity.js';
import { SetupTokenEntity } from '../auth/setup-token.entity.js';
import { UserEntity } from '../auth/user.entity.js';
import { IdempotencyKeyEntity } from '../idempotency/idempotency-key.entity.js';
/** Every entity of the application, listed by hand: what is not here does not exist for TypeORM. */
export const entities: readonly (abstract new () => unknown)[] = [
  UserEntity,
  SessionEntity,
  ApiKeyEntity,
  SetupTokenEntity,
  LoginAttemptEntity,
  RateWindowEntity,
  IdempotencyKeyEntity,
];
