import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { SealedStores } from './sealed-stores.js';
import { SecretCipher } from './secret-cipher.js';
import { SecretsController } from './secrets.controller.js';
import { SecretsRepository } from './secrets.repository.js';
import { SecretsService } from './secrets.service.js';

/** Values that are encrypted at rest, given to steps that name them and shown to nobody. */
@Module({
  imports: [AuditModule, AuthModule],
  controllers: [SecretsController],
  providers: [SealedStores, SecretCipher, SecretsRepository, SecretsService],
  exports: [SealedStores, SecretCipher, SecretsService],
})
export class SecretsModule {}
