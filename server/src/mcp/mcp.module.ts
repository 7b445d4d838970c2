import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { McpController } from './mcp.controller.js';

/** The Model Context Protocol at `/mcp`. */
@Module({ imports: [AuditModule], controllers: [McpController] })
export class McpModule {}
