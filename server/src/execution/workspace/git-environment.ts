/** The identity of what the server itself commits. */
export const IDENTITY = { name: 'Orchestrator', email: 'orchestrator@localhost' } as const;

/**
 * The only configuration that Git reads: no hooks, helpers, filters or redirects, whatever the machine,
 * the user or a repository is set to. `safe.directory` is here, and not on the command line, because
 * the serving side of a local fetch takes it from a file only.
 */
export const GIT_CONFIG = `[user]
\tname = ${IDENTITY.name}
\temail = ${IDENTITY.email}
[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tautocrlf = false
\tquotePath = false
[safe]
\tdirectory = *
[init]
\ttemplateDir =
\tdefaultBranch = main
[credential]
\thelper =
[http]
\tfollowRedirects = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[submodule]
\trecurse = false
[fetch]
\trecurseSubmodules = false
[commit]
\tgpgSign = false
[merge]
\tconflictStyle = merge
[advice]
\tdetachedHead = false
`;

/** Everything a Git process is given; nothing of the server's own environment but what `host` names. */
export function gitEnvironment(
  host: Readonly<Record<string, string>>,
  configFile: string,
): Record<string, string> {
  return {
    ...host,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'file',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_NO_LAZY_FETCH: '1',
  };
}
