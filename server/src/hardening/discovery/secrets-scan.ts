import { isForeign, isSample, isTestFile } from '../domain/paths.js';
import { findingId, type Finding } from '../domain/finding.js';
import { MAX_TEXT_BYTES, type Repository } from '../repository.js';
import { findSecrets, type SecretHit } from '../secrets.js';

export interface SecretScan {
  readonly findings: readonly Finding[];
  /** Text files that were scanned. */
  readonly scanned: number;
  /** Files that are too large or unreadable to be scanned. */
  readonly unscanned: readonly string[];
}

/** Looks for credentials in every text file up to 2 MiB. Findings never hold the secret. */
export async function scanSecrets(repository: Repository): Promise<SecretScan> {
  const findings: Finding[] = [];
  const unscanned: string[] = [];
  let scanned = 0;
  for (const file of repository.files) {
    if (file.kind !== 'file') continue;
    if (file.sizeBytes > MAX_TEXT_BYTES) unscanned.push(file.path);
    const text = await repository.readText(file);
    if (text === null) continue;
    scanned += 1;
    const hits = await findSecrets(file.path, text);
    findings.push(...hits.map((hit) => finding(file.path, hit)));
  }
  return { findings, scanned, unscanned };
}

/** In tests and vendored code a secret is most often a made-up one: severe, but not the first thing to look at. */
function finding(path: string, hit: SecretHit): Finding {
  const kind = hit.kind.toLowerCase();
  const rule = `secrets/${kind}`;
  const sample = isSample(path) || isTestFile(path) || isForeign(path);
  return {
    id: findingId(rule, path, hit.line),
    rule,
    area: 'secrets',
    severity: sample ? 'moderate' : 'critical',
    title: `Possible secret (${hit.kind})`,
    path,
    line: hit.line,
    detail: sample
      ? 'It lies among test data or vendored code and may be made up.'
      : 'It can be read by everyone with the code.',
    remedy:
      'Revoke it where it was issued, take it out of the file, and read it from the environment or a secret store.',
    effort: 'hours',
    automatic: null,
  };
}
