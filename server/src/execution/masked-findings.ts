import type { GateVerdict } from '../governance/domain/evidence.js';
import type { HygieneInspection } from '../governance/hygiene/inspection.js';
import type { Masker } from './domain/mask.js';

/** Verdicts quote what they judged: links, identifiers, names of properties. */
export const maskedVerdict = (verdict: GateVerdict, mask: Masker): GateVerdict => ({
  ...verdict,
  actual: verdict.actual === null ? null : mask(verdict.actual),
  message: mask(verdict.message),
  evidence: verdict.evidence.map((piece) => ({
    ...piece,
    detail: piece.detail === null ? null : mask(piece.detail),
  })),
});

/** As do findings. */
export const maskedInspection = (inspection: HygieneInspection, mask: Masker): HygieneInspection => ({
  ...inspection,
  findings: inspection.findings.map((finding) => ({ ...finding, message: mask(finding.message) })),
});
