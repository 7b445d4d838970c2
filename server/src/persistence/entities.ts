import { RepositoryUploadEntity } from '../uploads/repository-upload.entity.js';
import { ModelPriceEntity } from '../agents/model-price.entity.js';
import { UsageEntity } from '../agents/usage.entity.js';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { BlobEntity } from '../artifacts/blob.entity.js';
import { AuditEntryEntity } from '../audit/audit-entry.entity.js';
import { AuditIntentEntity } from '../audit/audit-intent.entity.js';
import { ApiKeyEntity } from '../auth/api-key.entity.js';
import { LoginAttemptEntity } from '../auth/login-attempt.entity.js';
import { DeviceLoginEntity } from '../auth/device/device-login.entity.js';
import { IdentityEntity } from '../auth/oidc/identity.entity.js';
import { TotpFactorEntity } from '../auth/totp/totp-factor.entity.js';
import { PasswordResetEntity } from '../auth/password-reset.entity.js';
import { RateWindowEntity } from '../auth/rate-window.entity.js';
import { SessionEntity } from '../auth/session.entity.js';
import { SetupTokenEntity } from '../auth/setup-token.entity.js';
import { UserEntity } from '../auth/user.entity.js';
import { BudgetStopEntity } from '../budgets/budget-stop.entity.js';
import { BudgetUsageEntity } from '../budgets/budget-usage.entity.js';
import { BudgetEntity } from '../budgets/budget.entity.js';
import { ModelCallEntity } from '../budgets/model-call.entity.js';
import { IdempotencyKeyEntity } from '../idempotency/idempotency-key.entity.js';
import { WorkerEntity } from '../execution/worker.entity.js';
import { GateResultEntity } from '../governance/gate-result.entity.js';
import { MeasurementEntity } from '../governance/measurement.entity.js';
import { LogChunkEntity } from '../logs/log-chunk.entity.js';
import { ApprovalEntity } from '../runs/approval.entity.js';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunEventEntity } from '../runs/run-event.entity.js';
import { RunInputEntity } from '../runs/run-input.entity.js';
import { RunPhaseEntity } from '../runs/run-phase.entity.js';
import { RunEntity } from '../runs/run.entity.js';
import { StepAttemptEntity } from '../runs/step-attempt.entity.js';
import { StepEntity } from '../runs/step.entity.js';
import { RetentionRoundEntity } from '../retention/retention-round.entity.js';
import { ScheduleTickEntity } from '../schedules/schedule-tick.entity.js';
import { ScheduleEntity } from '../schedules/schedule.entity.js';
import { SecretUseEntity } from '../secrets/secret-use.entity.js';
import { SecretEntity } from '../secrets/secret.entity.js';
import { RunCommentEntity } from '../sharing/run-comment.entity.js';
import { RunShareEntity } from '../sharing/run-share.entity.js';
import { ProviderEntity } from '../providers/provider.entity.js';
import { WebhookCursorEntity } from '../webhooks/webhook-cursor.entity.js';
import { WebhookDeliveryEntity } from '../webhooks/webhook-delivery.entity.js';
import { WebhookEntity } from '../webhooks/webhook.entity.js';
import { TemplateEntity } from '../templates/template.entity.js';
import { ProfileVersionEntity } from '../workflow/profile-version.entity.js';
import { ProfileEntity } from '../workflow/profile.entity.js';

/** Every entity of the application, listed by hand: what is not here does not exist for TypeORM. */
export const entities: readonly (abstract new () => unknown)[] = [
  UserEntity,
  SessionEntity,
  ApiKeyEntity,
  SetupTokenEntity,
  LoginAttemptEntity,
  RateWindowEntity,
  IdempotencyKeyEntity,
  ProfileEntity,
  ProfileVersionEntity,
  RunEntity,
  RunInputEntity,
  RunPhaseEntity,
  PhaseAttemptEntity,
  StepEntity,
  StepAttemptEntity,
  ApprovalEntity,
  RunEventEntity,
  GateResultEntity,
  MeasurementEntity,
  BlobEntity,
  ArtifactEntity,
  LogChunkEntity,
  UsageEntity,
  ModelPriceEntity,
  BudgetEntity,
  BudgetUsageEntity,
  ModelCallEntity,
  BudgetStopEntity,
  WorkerEntity,
  TemplateEntity,
  ScheduleEntity,
  ScheduleTickEntity,
  SecretEntity,
  SecretUseEntity,
  RunShareEntity,
  RunCommentEntity,
  AuditEntryEntity,
  AuditIntentEntity,
  PasswordResetEntity,
  IdentityEntity,
  DeviceLoginEntity,
  ProviderEntity,
  TotpFactorEntity,
  RepositoryUploadEntity,
  WebhookEntity,
  WebhookDeliveryEntity,
  WebhookCursorEntity,
  RetentionRoundEntity,
];
