import { toSarif, type SarifFinding } from '../../governance/sarif.js';
import type { Finding, Severity } from '../domain/finding.js';

const LEVELS: Readonly<Record<Severity, SarifFinding['level']>> = {
  critical: 'error',
  high: 'error',
  moderate: 'warning',
  low: 'note',
};

/** Findings as a SARIF log, with the remedy in the message. */
export const sarifOf = (findings: readonly Finding[]): unknown =>
  toSarif(
    { name: 'orchestrator-harden', version: null },
    findings.map(({ rule, severity, path, line, title, detail, remedy }) => ({
      rule,
      level: LEVELS[severity],
      path,
      line,
      message: `${title}. ${detail} ${remedy}`,
    })),
  );
