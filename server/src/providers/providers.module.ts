import { Module } from '@nestjs/common';
import { SecretsModule } from '../secrets/secrets.module.js';
import { ProviderDirectory } from './provider-directory.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersRepository } from './providers.repository.js';
import { ProvidersService } from './providers.service.js';

/** Whom models are called at, and with which key. */
@Module({
  imports: [SecretsModule],
  controllers: [ProvidersController],
  providers: [ProvidersRepository, ProviderDirectory, ProvidersService],
  exports: [ProviderDirectory],
})
export class ProvidersModule {}
