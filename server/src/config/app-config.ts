import type { SecondFactorDemand } from '../auth/domain/second-factor-demand.js';
import type { Role as UserRole } from '../auth/domain/permissions.js';
import type { EnvironmentProvider } from './environment-providers.js';
import type { Limits } from './limits.js';
import type { OidcSettings } from './oidc-settings.js';
import type { WebhookSettings } from './webhook-settings.js';

export const ROLES = ['all', 'api', 'worker'] as const;
/** What a process does: serve the API and console, run steps, or both. */
export type Role = (typeof ROLES)[number];

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface RateLimit {
  readonly perMinute: number;
  /** null: as everybody's. */
  readonly burst: number | null;
}

export interface ConfigValues {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** `null` until the embedded PostgreSQL has started. */
  readonly databaseUrl: string | null;
  readonly role: Role;
  /** Port of a worker's own health checks and metrics; `null` for none. */
  readonly healthPort: number | null;
  /** Absolute folders in which a run's local repository may be. */
  readonly repositoryRoots: readonly string[];
  readonly profilesDir: string | null;
  /** Signs tokens; at least 32 characters. */
  readonly secretKey: string;
  /** The key before the present one; opens what is not sealed anew yet. */
  readonly previousSecretKey: string | null;
  /** Without a slash at the end. */
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  readonly authTrustedHeaders: boolean;
  readonly requireSecondFactor: SecondFactorDemand;
  /** `null`: nobody signs in by OpenID Connect. */
  readonly oidc: OidcSettings | null;
  /** Addresses and CIDR ranges whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** `null`: the default of the caller's kind. */
  readonly rateLimitPerMinute: number | null;
  readonly rateLimitBurst: number | null;
  /** For roles that have limits of their own. */
  readonly rateLimitRoles: ReadonlyMap<UserRole, RateLimit>;
  readonly redisUrl: string | null;
  readonly corsOrigins: readonly string[];
  readonly limits: Limits;
  /** Steps that execute at once at the most, by label. */
  readonly labelLimits: ReadonlyMap<string, number>;
  readonly retention: Retention;
  readonly webhooks: WebhookSettings;
  /** `bubblewrap`: command steps see no network and only their workspace is writable. */
  readonly sandbox: SandboxMode;
  /** Whether repositories, `http` steps and webhooks may be at private, loopback and link-local addresses. */
  readonly allowPrivateAddresses: boolean;
  /** What steps and Git may see of this process's environment. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /** Model providers whose keys the environment gives. */
  readonly modelProviders: readonly EnvironmentProvider[];
  readonly agentCommands: AgentCommands;
}

/** How long finished runs are kept, in days; null: for ever. */
export interface Retention {
  /** After so long at rest a run is archived. */
  readonly archiveDays: number | null;
  /** After so long in the archive a run is erased, with everything that belongs to it. */
  readonly purgeDays: number | null;
}

export const AGENT_COMMANDS = ['sandboxed', 'allowed', 'off'] as const;
/** Whether agents run commands: only in a bubblewrap sandbox, with the rights of `command` steps, or not at all. */
export type AgentCommands = (typeof AGENT_COMMANDS)[number];

export const SANDBOX_MODES = ['off', 'bubblewrap'] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

/** The settings of this process, read once. Injectable everywhere; no other code reads the environment. */
export class AppConfig implements ConfigValues {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly role: Role;
  readonly healthPort: number | null;
  readonly repositoryRoots: readonly string[];
  readonly profilesDir: string | null;
  readonly secretKey: string;
  readonly previousSecretKey: string | null;
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  readonly authTrustedHeaders: boolean;
  readonly requireSecondFactor: SecondFactorDemand;
  readonly oidc: OidcSettings | null;
  readonly trustedProxies: readonly string[];
  readonly rateLimitPerMinute: number | null;
  readonly rateLimitBurst: number | null;
  readonly rateLimitRoles: ReadonlyMap<UserRole, RateLimit>;
  readonly redisUrl: string | null;
  readonly corsOrigins: readonly string[];
  readonly limits: Limits;
  readonly labelLimits: ReadonlyMap<string, number>;
  readonly retention: Retention;
  readonly webhooks: WebhookSettings;
  readonly sandbox: SandboxMode;
  readonly allowPrivateAddresses: boolean;
  readonly hostEnvironment: Readonly<Record<string, string>>;
  readonly modelProviders: readonly EnvironmentProvider[];
  readonly agentCommands: AgentCommands;

  constructor(private readonly values: ConfigValues) {
    this.port = values.port;
    this.host = values.host;
    this.dataDir = values.dataDir;
    this.databaseUrl = values.databaseUrl;
    this.role = values.role;
    this.healthPort = values.healthPort;
    this.repositoryRoots = values.repositoryRoots;
    this.profilesDir = values.profilesDir;
    this.secretKey = values.secretKey;
    this.previousSecretKey = values.previousSecretKey;
    this.publicUrl = values.publicUrl;
    this.logLevel = values.logLevel;
    this.adminEmail = values.adminEmail;
    this.adminPassword = values.adminPassword;
    this.authTrustedHeaders = values.authTrustedHeaders;
    this.requireSecondFactor = values.requireSecondFactor;
    this.oidc = values.oidc;
    this.trustedProxies = values.trustedProxies;
    this.rateLimitPerMinute = values.rateLimitPerMinute;
    this.rateLimitBurst = values.rateLimitBurst;
    this.rateLimitRoles = values.rateLimitRoles;
    this.redisUrl = values.redisUrl;
    this.corsOrigins = values.corsOrigins;
    this.limits = values.limits;
    this.labelLimits = values.labelLimits;
    this.retention = values.retention;
    this.webhooks = values.webhooks;
    this.sandbox = values.sandbox;
    this.allowPrivateAddresses = values.allowPrivateAddresses;
    this.hostEnvironment = values.hostEnvironment;
    this.modelProviders = values.modelProviders;
    this.agentCommands = values.agentCommands;
  }

  /** The same settings with other values in some places. */
  with(changes: Partial<ConfigValues>): AppConfig {
    return new AppConfig({ ...this.values, ...changes });
  }
}
