import { Module } from '@nestjs/common';
import { UsageRepository } from './usage.repository.js';

/** The usage of models and what it cost. */
@Module({ providers: [UsageRepository], exports: [UsageRepository] })
export class AgentsModule {}
