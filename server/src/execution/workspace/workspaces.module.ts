import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { AppConfig } from '../../config/app-config.js';
import { RunWorkspaces } from './run-workspace.js';

const MIB = 1024 * 1024;
const SECOND = 1000;

/** The Git repositories that runs work in. */
@Module({
  providers: [{ provide: RunWorkspaces, useFactory: createWorkspaces, inject: [AppConfig] }],
  exports: [RunWorkspaces],
})
export class WorkspacesModule {}

function createWorkspaces(config: AppConfig): RunWorkspaces {
  return new RunWorkspaces({
    root: join(config.dataDir, 'workspaces'),
    repositoryRoots: config.repositoryRoots,
    environment: config.hostEnvironment,
    allowPrivateHosts: config.allowPrivateAddresses,
    caFile: null,
    limits: {
      maxRepositoryBytes: 2048 * MIB,
      maxWorkspaceBytes: 1024 * MIB,
      fetchTimeoutMs: 300 * SECOND,
      gitTimeoutMs: 120 * SECOND,
    },
  });
}
