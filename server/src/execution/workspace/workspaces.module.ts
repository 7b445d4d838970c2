import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { AppConfig } from '../../config/app-config.js';
import { RunWorkspaces } from './run-workspace.js';
import { WorkspaceTransfer } from './workspace-transfer.js';

const MIB = 1024 * 1024;
const SECOND = 1000;
/** New and changed files that one try of a step may leave, wherever it ran. */
export const MAX_WORKSPACE_BYTES = 1024 * MIB;

/** The Git repositories that runs work in. */
@Module({
  providers: [
    { provide: RunWorkspaces, useFactory: createWorkspaces, inject: [AppConfig] },
    {
      provide: WorkspaceTransfer,
      useFactory: (workspaces: RunWorkspaces) => new WorkspaceTransfer(workspaces),
      inject: [RunWorkspaces],
    },
  ],
  exports: [RunWorkspaces, WorkspaceTransfer],
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
      maxWorkspaceBytes: MAX_WORKSPACE_BYTES,
      fetchTimeoutMs: 300 * SECOND,
      gitTimeoutMs: 120 * SECOND,
    },
  });
}
