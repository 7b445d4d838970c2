export interface WorkspaceSettings {
  /** Folder of all runs' repositories and work trees. */
  readonly root: string;
  readonly repositoryRoots: readonly string[];
  /** Variables of the host that Git may see: `PATH`, and `https_proxy`, `no_proxy` where set. */
  readonly environment: Readonly<Record<string, string>>;
  readonly allowPrivateHosts: boolean;
  readonly caFile: string | null;
  readonly limits: WorkspaceLimits;
}

export interface WorkspaceLimits {
  /** Size of a repository as it is fetched, in bytes. */
  readonly maxRepositoryBytes: number;
  /** New and changed files that one step attempt may leave, in bytes in all. */
  readonly maxWorkspaceBytes: number;
  readonly fetchTimeoutMs: number;
  readonly gitTimeoutMs: number;
}
