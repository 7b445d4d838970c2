import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditIntentInterceptor } from './audit-intent.interceptor.js';
import { AuditLog } from './audit-log.js';
import { AuditController } from './audit.controller.js';
import { InnerCalls } from './inner-calls.js';
import { AuditRepository } from './audit.repository.js';

/** What was done by whom, in a list that only grows. */
@Module({
  controllers: [AuditController],
  providers: [
    AuditLog,
    AuditRepository,
    InnerCalls,
    { provide: APP_INTERCEPTOR, useClass: AuditIntentInterceptor },
  ],
  exports: [AuditLog, InnerCalls],
})
export class AuditModule {}
