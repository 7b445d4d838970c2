import type { MigrationInterface } from 'typeorm';
import { CreateAccounts1795340000000 } from './1795340000000-create-accounts.js';
import { CreateRuns1795341000000 } from './1795341000000-create-runs.js';
import { CreateProfiles1795342000000 } from './1795342000000-create-profiles.js';
import { CreatePasswordResets1795352000000 } from './1795352000000-create-password-resets.js';
import { CreateSharing1795353000000 } from './1795353000000-create-sharing.js';
import { CreateAudit1795353500000 } from './1795353500000-create-audit.js';
import { CreateSecrets1795354000000 } from './1795354000000-create-secrets.js';
import { CreateProviders1796000000000 } from './1796000000000-create-providers.js';
import { CreateSchedules1795351100000 } from './1795351100000-create-schedules.js';
import { CreateBudgets1797000000000 } from './1797000000000-create-budgets.js';
import { CreateIdentities1798000000000 } from './1798000000000-create-identities.js';
import { KeepIdTokens1798001000000 } from './1798001000000-keep-id-tokens.js';
import { CreateDeviceLogins1798002000000 } from './1798002000000-create-device-logins.js';
import { CreateTotpFactors1798003000000 } from './1798003000000-create-totp-factors.js';
import { TellPeopleFromServiceAccounts1798004000000 } from './1798004000000-tell-people-from-service-accounts.js';
import { KnowSessionsOfTheProvider1799000301000 } from './1799000301000-know-sessions-of-the-provider.js';
import { NoteWhatIsBegun1799000300000 } from './1799000300000-note-what-is-begun.js';
import { CreateRepositoryUploads1799000000000 } from './1799000000000-create-repository-uploads.js';
import { ChooseOpenAiApi1799000100000 } from './1799000100000-choose-openai-api.js';
import { CreateWebhooks1799000200000 } from './1799000200000-create-webhooks.js';
import { NoteRetentionRounds1799000200001 } from './1799000200001-note-retention-rounds.js';
import { FindAttemptsInProgress1799000400000 } from './1799000400000-find-attempts-in-progress.js';
import { ListWhatBudgetsStopped1799000500000 } from './1799000500000-list-what-budgets-stopped.js';
import { AnnounceSecondFactors1799000600000 } from './1799000600000-announce-second-factors.js';
import { KeepEffectsOfRequests1799000700000 } from './1799000700000-keep-effects-of-requests.js';
import { OrderAndLimitSteps1795351000000 } from './1795351000000-order-and-limit-steps.js';
import { OrderEventsByTransaction1795343000000 } from './1795343000000-order-events-by-transaction.js';

/** Every migration in the order of its timestamp. A landed migration is never changed. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  CreateAccounts1795340000000,
  CreateRuns1795341000000,
  CreateProfiles1795342000000,
  OrderEventsByTransaction1795343000000,
  OrderAndLimitSteps1795351000000,
  CreateSchedules1795351100000,
  CreatePasswordResets1795352000000,
  CreateSharing1795353000000,
  CreateAudit1795353500000,
  CreateSecrets1795354000000,
  CreateProviders1796000000000,
  CreateBudgets1797000000000,
  CreateIdentities1798000000000,
  KeepIdTokens1798001000000,
  CreateDeviceLogins1798002000000,
  CreateTotpFactors1798003000000,
  TellPeopleFromServiceAccounts1798004000000,
  CreateRepositoryUploads1799000000000,
  ChooseOpenAiApi1799000100000,
  CreateWebhooks1799000200000,
  NoteRetentionRounds1799000200001,
  NoteWhatIsBegun1799000300000,
  KnowSessionsOfTheProvider1799000301000,
  FindAttemptsInProgress1799000400000,
  ListWhatBudgetsStopped1799000500000,
  AnnounceSecondFactors1799000600000,
  KeepEffectsOfRequests1799000700000,
];
