import { isIP } from 'node:net';
import { delimiter, resolve } from 'node:path';
import { StartupError } from '../problems/startup-error.js';
import { ROLES as USER_ROLES, type Role as UserRole } from '../auth/domain/permissions.js';
import { SECOND_FACTOR_DEMANDS } from '../auth/domain/second-factor-demand.js';
import {
  AGENT_COMMANDS,
  LOG_LEVELS,
  ROLES,
  SANDBOX_MODES,
  type ConfigValues,
  type RateLimit,
} from './app-config.js';
import { readModelProviders } from './environment-providers.js';
import { EnvironmentReader, type Environment } from './environment-reader.js';
import { readLimits } from './limits.js';
import { readOidc } from './oidc-settings.js';
import { readWebhooks } from './webhook-settings.js';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const MIN_SECRET = 32;
/** Where programs are and how they reach the network; nothing that could be a secret. */
const PASSED = [
  ...['PATH', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'npm_config_registry', 'npm_config_cafile'],
  ...['PIP_CERT', 'PIP_INDEX_URL', 'REQUESTS_CA_BUNDLE'],
];

/** Settings as the environment gives them; `secretKey` is `null` where it is to be kept in the data folder. */
export type EnvironmentValues = Omit<ConfigValues, 'secretKey'> & { readonly secretKey: string | null };

/**
 * Parses the environment.
 * @param cwd folder that relative paths start from, and the default of REPOSITORY_ROOTS
 * @throws StartupError with a sentence for every wrong variable.
 */
export function readEnvironment(environment: Environment, cwd: string): EnvironmentValues {
  const reader = new EnvironmentReader(environment);
  const values = readValues(reader, cwd);
  if (reader.problems.length > 0) throw new StartupError(reader.problems.join('\n'));
  return values;
}

/** The names of all variables that are read, for the check that each is documented. */
export function variableNames(): readonly string[] {
  const reader = new EnvironmentReader({});
  readValues(reader, '/');
  return reader.names;
}

function readValues(reader: EnvironmentReader, cwd: string): EnvironmentValues {
  const path = (value: string): string => resolve(cwd, value);
  const profilesDir = reader.text('PROFILES_DIR');
  const roots = reader.list('REPOSITORY_ROOTS', delimiter, () => true, 'folders') ?? [cwd];
  return {
    port: reader.integer('PORT', 8000, 1, 65_535),
    host: reader.text('HOST') ?? '127.0.0.1',
    dataDir: path(reader.text('DATA_DIR') ?? '.orchestrator'),
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    role: reader.choice('ROLE', ROLES, 'all'),
    healthPort: reader.integer('HEALTH_PORT', null, 1, 65_535),
    repositoryRoots: roots.map(path),
    profilesDir: profilesDir === null ? null : path(profilesDir),
    publicUrl: reader.url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, '') ?? null,
    logLevel: reader.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    authTrustedHeaders: reader.boolean('AUTH_TRUSTED_HEADERS', false),
    requireSecondFactor: reader.choice('REQUIRE_SECOND_FACTOR', SECOND_FACTOR_DEMANDS, 'nobody'),
    oidc: readOidc(reader),
    trustedProxies:
      reader.list('TRUSTED_PROXIES', ',', isAddressRange, 'addresses or CIDR ranges') ?? LOOPBACK,
    rateLimitPerMinute: reader.integer('RATE_LIMIT_PER_MINUTE', null, 1, 1_000_000),
    rateLimitBurst: reader.integer('RATE_LIMIT_BURST', null, 1, 100_000),
    rateLimitRoles: readRateLimitRoles(reader),
    corsOrigins: reader.list('CORS_ORIGINS', ',', isOrigin, 'origins such as https://app.example.org') ?? [],
    redisUrl: reader.url('REDIS_URL', ['redis:', 'rediss:']),
    secretKey: readSecretKey(reader, 'SECRET_KEY'),
    previousSecretKey: readSecretKey(reader, 'PREVIOUS_SECRET_KEY'),
    ...readAdministrator(reader),
    limits: readLimits(reader),
    labelLimits: readLabelLimits(reader),
    retention: readRetention(reader),
    webhooks: readWebhooks(reader),
    sandbox: reader.choice('SANDBOX', SANDBOX_MODES, 'off'),
    allowPrivateAddresses: reader.boolean('ALLOW_PRIVATE_ADDRESSES', false),
    hostEnvironment: reader.passed(PASSED, 'STEP_ENVIRONMENT'),
    modelProviders: readModelProviders(reader),
    agentCommands: reader.choice('AGENT_COMMANDS', AGENT_COMMANDS, 'sandboxed'),
  };
}

function readRetention(reader: EnvironmentReader): EnvironmentValues['retention'] {
  return {
    archiveDays: reader.integer('RETENTION_ARCHIVE_DAYS', null, 1, 36_500),
    purgeDays: reader.integer('RETENTION_PURGE_DAYS', null, 1, 36_500),
  };
}

function readSecretKey(reader: EnvironmentReader, name: string): string | null {
  const key = reader.text(name);
  if (key === null || key.length >= MIN_SECRET) return key;
  return reader.problem(name, `must have at least ${String(MIN_SECRET)} characters`, null);
}

/** `admin=1000,viewer=60/5`: requests a minute, and behind a slash within one second. */
function readRateLimitRoles(reader: EnvironmentReader): ConfigValues['rateLimitRoles'] {
  const entry = new RegExp(`^(${USER_ROLES.join('|')})=([1-9]\\d{0,6})(?:/([1-9]\\d{0,5}))?$`);
  const entries =
    reader.list('RATE_LIMIT_ROLES', ',', (text) => entry.test(text), 'limits such as admin=1000/50') ?? [];
  const limits = new Map<UserRole, RateLimit>();
  for (const text of entries) {
    const [, role, perMinute, burst] = entry.exec(text) ?? [];
    const known = USER_ROLES.find((one) => one === role);
    if (known !== undefined)
      limits.set(known, { perMinute: Number(perMinute), burst: burst === undefined ? null : Number(burst) });
  }
  return limits;
}

/** `gpu=2,licence=1` */
function readLabelLimits(reader: EnvironmentReader): ReadonlyMap<string, number> {
  const entry = /^([A-Za-z0-9._-]{1,63})=([1-9]\d{0,5})$/;
  const entries = reader.list('LABEL_LIMITS', ',', (text) => entry.test(text), 'limits such as gpu=2') ?? [];
  return new Map(entries.map((text) => [text.replace(/=.*/, ''), Number(text.replace(/.*=/, ''))]));
}

function readAdministrator(reader: EnvironmentReader): Pick<ConfigValues, 'adminEmail' | 'adminPassword'> {
  const adminEmail = reader.text('ADMIN_EMAIL');
  const adminPassword = reader.text('ADMIN_PASSWORD');
  if (adminEmail !== null && !/^[^\s@]+@[^\s@]+$/.test(adminEmail)) {
    reader.problem('ADMIN_EMAIL', 'must be an e-mail address', null);
  }
  if ((adminEmail === null) !== (adminPassword === null)) {
    const missing = adminEmail === null ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD';
    reader.problem(
      missing,
      'is missing: the first administrator needs an e-mail address and a password',
      null,
    );
  }
  return { adminEmail, adminPassword };
}

/** Exactly what a browser sends: no path, no wildcard. */
function isOrigin(entry: string): boolean {
  return /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}

function isAddressRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
