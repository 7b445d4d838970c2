import { describe, expect, it } from '@jest/globals';
import { readEvidence } from './evidence/read-evidence.js';
import { sarifOfHygiene, toSarif } from './sarif.js';

const tool = { name: 'hygiene', version: '0.1.0' };

describe('toSarif', () => {
  const findings = [
    sarifOfHygiene({ kind: 'secret', path: 'a b/ü.env', line: 3, message: 'A secret.' }),
    sarifOfHygiene({ kind: 'orphan', path: 'x.bak', line: null, message: 'A backup.' }),
    { rule: 'audit/high', level: 'error', path: null, line: null, message: 'braces' } as const,
  ];

  it('writes rules, levels and places', () => {
    const [run] = toSarif(tool, findings).runs;
    expect(run.tool.driver.rules).toEqual([
      { id: 'audit/high' },
      { id: 'hygiene/orphan' },
      { id: 'hygiene/secret' },
    ]);
    expect(run.results).toEqual([
      {
        ruleId: 'hygiene/secret',
        ruleIndex: 2,
        level: 'error',
        message: { text: 'A secret.' },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'a%20b/%C3%BC.env' }, region: { startLine: 3 } } },
        ],
      },
      {
        ruleId: 'hygiene/orphan',
        ruleIndex: 1,
        level: 'note',
        message: { text: 'A backup.' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'x.bak' } } }],
      },
      { ruleId: 'audit/high', ruleIndex: 0, level: 'error', message: { text: 'braces' } },
    ]);
  });

  it('writes what the reader of SARIF reads', async () => {
    const log = Buffer.from(JSON.stringify(toSarif(tool, findings)));
    const { measurements, warnings } = await readEvidence('sarif', log, {
      path: 'x',
      sha256: null,
      stepId: null,
    });
    expect(warnings).toEqual([]);
    expect(measurements.map(({ name, value }) => [name, value])).toEqual([
      ['sarif.errors', 2],
      ['sarif.warnings', 0],
      ['sarif.notes', 1],
      ['sarif.suppressed', 0],
    ]);
  });
});
