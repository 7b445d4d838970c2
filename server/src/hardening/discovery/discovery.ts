import { countBySeverity, SEVERITIES } from '../domain/finding.js';
import { plural } from '../domain/markdown.js';
import { limitNote, openRepository, switchParameter, type Part, type PhaseContext } from '../phase.js';
import { saveFindings } from '../report/findings-report.js';
import { inventoryMarkdown } from '../report/inventory-report.js';
import { auditDependencies, type Audit } from './audit.js';
import { inspectHygiene } from './hygiene.js';
import { takeInventory } from './inventory.js';
import { checkPractices } from './practices.js';
import { scanSecrets } from './secrets-scan.js';

/** What the repository consists of, and how it is kept. */
export const inventory: Part = async (context) => {
  const { exchange } = context;
  const repository = await openRepository(context);
  const facts = await takeInventory(repository);
  await exchange.json('inventory.json', facts);
  await exchange.text('inventory.md', inventoryMarkdown(facts));
  const findings = await checkPractices(repository, facts);
  const notes = [
    ...limitNote(repository),
    ...(facts.files === 0 ? ['The repository is empty: nothing to judge.'] : []),
  ];
  const measured = facts.files > 0;
  await saveFindings(exchange, {
    name: 'practices',
    title: 'How the repository is kept',
    measured,
    findings,
    notes,
  });
  await exchange.metric('repo.files', facts.files);
  if (facts.inspected === facts.files) await exchange.metric('repo.lines', facts.lines);
  await exchange.metric('repo.test_files', facts.test_files);
  if (measured) await exchange.metric('practices.findings', findings.length);
  for (const note of notes) await exchange.warning(note);
  const main = facts.languages.find(({ share }) => share !== null)?.name;
  await exchange.summary(
    `${plural(facts.files, 'file')}, ${plural(facts.lines, 'line')}, mostly ${main ?? 'no known language'}.`,
  );
};

/** Credentials in tracked files. */
export const secrets: Part = async (context) => {
  const { exchange } = context;
  const repository = await openRepository(context);
  const scan = await scanSecrets(repository);
  const measured = scan.scanned > 0;
  const notes = [
    `${plural(scan.scanned, 'text file')} scanned; the history was not.`,
    ...limitNote(repository),
  ];
  if (scan.unscanned.length > 0) notes.push(`Too large to scan: ${scan.unscanned.slice(0, 20).join(', ')}.`);
  await saveFindings(exchange, {
    name: 'secrets',
    title: 'Secrets',
    measured,
    findings: scan.findings,
    notes,
  });
  if (measured) await exchange.metric('secrets.count', scan.findings.length);
  await exchange.summary(
    `${plural(scan.findings.length, 'possible secret')} in ${plural(scan.scanned, 'text file')}.`,
  );
};

/** Known vulnerabilities of what the lock files pin. */
export const audit: Part = async (context) => {
  const { exchange } = context;
  const wanted = switchParameter(context, 'audit', true);
  const repository = await openRepository(context);
  const result = wanted
    ? await auditDependencies(repository, context.variables)
    : { lockFiles: [], findings: [] };
  const measured = result.lockFiles.some((one) => one.measured);
  const notes = wanted ? auditNotes(result) : ['Not measured: the run turns the audit off.'];
  const extra = { lock_files: result.lockFiles };
  const { findings } = result;
  await saveFindings(exchange, {
    name: 'audit',
    title: 'Dependency audit',
    measured,
    findings,
    notes,
    extra,
  });
  if (measured) await auditMetrics(context, result);
  else for (const note of notes) await exchange.warning(note);
  await exchange.summary(
    measured ? `${plural(findings.length, 'vulnerable package')}.` : (notes[0] ?? 'Not measured.'),
  );
};

function auditNotes({ lockFiles }: Audit): readonly string[] {
  if (lockFiles.length === 0) return ['Not measured: there is no lock file.'];
  return lockFiles.map((one) =>
    one.measured
      ? `${one.lock_file}: ${plural(one.vulnerable ?? 0, 'vulnerable package')} by ${one.package_manager}.`
      : `${one.lock_file}: not measured, ${one.reason ?? 'for an unknown reason'}.`,
  );
}

async function auditMetrics({ exchange }: PhaseContext, { findings }: Audit): Promise<void> {
  const counts = countBySeverity(findings);
  for (const severity of SEVERITIES) await exchange.metric(`audit.${severity}`, counts[severity]);
  await exchange.metric('audit.total', findings.length);
}

/** Large files, leftovers, broken links and the like. */
export const hygiene: Part = async (context) => {
  const { exchange } = context;
  const repository = await openRepository(context);
  const inspection = await inspectHygiene(repository);
  const notes = [...inspection.notes, ...limitNote(repository)];
  const extra = { score: inspection.score, counts: inspection.counts };
  const { findings } = inspection;
  const measured = inspection.score !== null;
  await saveFindings(exchange, { name: 'hygiene', title: 'Hygiene', measured, findings, notes, extra });
  await exchange.metric('hygiene.score', inspection.score);
  if (measured) {
    await exchange.metric('hygiene.findings', inspection.total);
    for (const [kind, count] of Object.entries(inspection.counts))
      await exchange.metric(`hygiene.${kind}`, count);
  }
  await exchange.summary(
    measured ? `${plural(inspection.total, 'finding')}.` : 'Not measured: there are no files.',
  );
};
