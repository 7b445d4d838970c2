import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StepOutcome, StepReport } from '../../src/execution/executors/executor.js';
import type { StepDefinition } from '../../src/workflow/domain/profile.js';
import { temporaryFolder } from './repositories.js';
import { command, commandExecutor, stepOf, storeIn } from './step-context.js';

describe('step report', () => {
  let base: string;

  beforeEach(() => {
    base = temporaryFolder();
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const run = (line: string, step: Partial<StepDefinition> = {}): Promise<StepOutcome> =>
    commandExecutor(base).execute(stepOf(base, command(line), step).context);

  async function reportOf(line: string, step: Partial<StepDefinition> = {}): Promise<StepReport> {
    const outcome = await run(line, step);
    if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
    return outcome.report;
  }

  const declared = (path: string, required = false) =>
    ({ path, type: null, required, description: null }) as const;

  const say = (...lines: readonly unknown[]): string =>
    lines
      .map(
        (line) => `echo '${typeof line === 'string' ? line : JSON.stringify(line)}' >> $ORCHESTRATOR_OUTPUT`,
      )
      .join('; ');

  describe('what a step is given', () => {
    it('is the intake as text, and the run, its parameters and earlier artifacts as JSON with readable copies', async () => {
      const { sha256, sizeBytes } = await storeIn(base).put(Readable.from([Buffer.from('# Plan\n')]), 100);
      const earlier = {
        phase: 'plan',
        path: 'docs/plan 🚀.md',
        type: 'documentation',
        sizeBytes,
        sha256,
      } as const;
      const { context } = stepOf(
        base,
        command(
          'cat $ORCHESTRATOR_INTAKE > $ORCHESTRATOR_ARTIFACTS/intake; cp $ORCHESTRATOR_CONTEXT $ORCHESTRATOR_ARTIFACTS/context.json',
        ),
        {},
        { earlierArtifacts: [earlier], comment: 'shorter, please', intake: 'line 1\nline “2”' },
      );
      expect((await commandExecutor(base).execute(context)).kind).toBe('succeeded');
      expect(readFileSync(join(context.exchange, 'artifacts/intake'), 'utf8')).toBe('line 1\nline “2”');
      const given: unknown = JSON.parse(
        readFileSync(join(context.exchange, 'artifacts/context.json'), 'utf8'),
      );
      const file = join(context.exchange, 'context/plan/docs/plan 🚀.md');
      expect(given).toEqual({
        run: { id: context.runId, project_name: 'a project' },
        phase: 'build',
        attempt: 2,
        step: 'unit',
        try: 1,
        parameters: { channel: 'stable' },
        comment: 'shorter, please',
        artifacts: [
          {
            phase: 'plan',
            path: 'docs/plan 🚀.md',
            type: 'documentation',
            size_bytes: sizeBytes,
            sha256,
            file,
          },
        ],
      });
      expect(readFileSync(file, 'utf8')).toBe('# Plan\n');
    });

    it('names an artifact without a copy where the copy is too large or would leave its folder', async () => {
      const { sha256 } = await storeIn(base).put(Readable.from([Buffer.from('x')]), 100);
      const large = { phase: 'plan', path: 'large', type: 'data', sizeBytes: 2_000_000, sha256 } as const;
      const escaping = { ...large, path: '../../../escaped', sizeBytes: 1 };
      const { context } = stepOf(base, command('true'), {}, { earlierArtifacts: [large, escaping] });
      expect((await commandExecutor(base).execute(context)).kind).toBe('succeeded');
      expect(JSON.parse(readFileSync(join(context.exchange, 'context.json'), 'utf8'))).toMatchObject({
        artifacts: [
          { path: 'large', file: null },
          { path: '../../../escaped', file: null },
        ],
      });
    });
  });

  describe('what a step reports', () => {
    it('is kept as metrics, usage, summary and warnings', async () => {
      const usage = {
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        input_tokens: 2000,
        output_tokens: 1000,
        cost_usd: 0.0000001,
      };
      const lines = [
        { metric: { name: 'a.b', value: 1 } },
        { metric: { name: 'a.b', value: 0.5 } },
        { usage },
        { summary: 'did it' },
        { warning: 'slow' },
      ];
      const report = await reportOf(say(...lines));
      expect(report.measurements).toEqual([
        { name: 'a.b', value: 0.5, source: 'reported', sha256: null, stepId: 'unit' },
      ]);
      expect(report.usage).toEqual([
        {
          ...{ provider: 'anthropic', model: 'claude-sonnet-4-5', inputTokens: 2000, outputTokens: 1000 },
          ...{ cacheReadTokens: 0, cacheWriteTokens: 0, reportedCostUsd: '0.0000001' },
        },
      ]);
      expect(report).toMatchObject({ summary: 'did it', warnings: ['slow'] });
    });

    it.each([
      ['not json', 'not a JSON object'],
      ['[1]', 'not a JSON object'],
      [{}, 'an empty object'],
      [{ nope: 1 }, 'unknown key "nope"'],
      [{ metric: { name: 'A B', value: 1 } }, 'metric.name'],
      ['{"metric":{"name":"a","value":1e999}}', 'metric.value'],
      [{ metric: { name: 'a', value: '1' } }, 'metric.value'],
      [{ usage: { provider: 'a', model: 'b', input_tokens: -1, output_tokens: 1 } }, 'usage.input_tokens'],
      [{ usage: { provider: 'a', model: 'b', input_tokens: 1.5, output_tokens: 1 } }, 'usage.input_tokens'],
      [{ usage: { provider: 'a', model: 'b', input_tokens: 1 } }, 'usage.output_tokens'],
      [{ usage: { provider: '', model: 'b', input_tokens: 1, output_tokens: 1 } }, 'usage.provider'],
      [
        { usage: { provider: 'a', model: 'b', input_tokens: 1, output_tokens: 1, cost_usd: -1 } },
        'usage.cost_usd',
      ],
      [{ artifact: { path: 'x', type: 'novel' } }, 'artifact.type'],
      [{ summary: 7 }, 'summary'],
    ])('is a warning with the number of its line where it is %j', async (line, problem) => {
      const report = await reportOf(say({ summary: 'kept' }, line));
      expect(report.warnings).toEqual([
        expect.stringMatching(/^\$ORCHESTRATOR_OUTPUT line 2 was not understood: /),
      ]);
      expect(report.warnings[0]).toContain(problem);
      expect(report).toMatchObject({ summary: 'kept', measurements: [], usage: [] });
    });

    it('is read to five megabytes and fifty thousand lines, and says where it was cut', async () => {
      const bytes = `yes '{"metric":{"name":"a","value":1},"x":"${'y'.repeat(1000)}"}' | head -c 6000000 > $ORCHESTRATOR_OUTPUT`;
      expect((await reportOf(bytes)).warnings).toContain(
        'only the first 5 MiB of $ORCHESTRATOR_OUTPUT were read',
      );
      const many = await reportOf(
        `yes '{"metric":{"name":"a","value":1}}' | head -n 50000 > $ORCHESTRATOR_OUTPUT`,
      );
      expect(many.warnings).toEqual([]);
      const tooMany = await reportOf(
        `yes '{"metric":{"name":"a","value":1}}' | head -n 60000 > $ORCHESTRATOR_OUTPUT`,
      );
      expect(tooMany.warnings).toEqual(['only the first 50000 lines of $ORCHESTRATOR_OUTPUT were read']);
    });

    it.each(['ln -sf /etc/passwd', 'rm -f; mkfifo', 'rm -f; mkdir', 'rm -f; true'])(
      'is a warning and no more where its file was replaced (%s)',
      async (what) => {
        const report = await reportOf(
          `rm -f $ORCHESTRATOR_OUTPUT; ${what.replace('rm -f; ', '')} $ORCHESTRATOR_OUTPUT`,
        );
        expect(report.warnings).toEqual(['$ORCHESTRATOR_OUTPUT is not a readable file any more']);
      },
    );
  });

  describe('the artifacts of a step', () => {
    it('are what it declared, what lies in its folder, and what it reported, with the reported type', async () => {
      const lines = [
        { artifact: { path: 'out/![a] *(1).md', type: 'report', description: 'odd' } },
        { artifact: { path: 'x.bin', type: 'data' } },
      ];
      const line = `mkdir out; echo a > 'out/![a] *(1).md'; echo d > d.txt; echo x > $ORCHESTRATOR_ARTIFACTS/x.bin; ${say(lines[0])}; echo '{"artifact":{"path":"'$ORCHESTRATOR_ARTIFACTS'/x.bin","type":"data"}}' >> $ORCHESTRATOR_OUTPUT`;
      const report = await reportOf(line, { artifacts: [declared('*.txt')] });
      expect(report.warnings).toEqual([]);
      expect(report.artifacts.map(({ path, type, description }) => ({ path, type, description }))).toEqual([
        { path: 'd.txt', type: null, description: null },
        { path: 'out/![a] *(1).md', type: 'report', description: 'odd' },
        { path: 'x.bin', type: 'data', description: null },
      ]);
      expect(report.warnings).toEqual([]);
    });

    it('are missing where they were required: the step fails and keeps the others', async () => {
      const outcome = await run('echo a > a.md', { artifacts: [declared('a.md'), declared('b.md', true)] });
      const failure = {
        code: 'missing_artifact',
        message: expect.stringContaining('"b.md"'),
        retryable: false,
      };
      expect(outcome).toMatchObject({ kind: 'failed', failure, report: { artifacts: [{ path: 'a.md' }] } });
    });

    it('are never files outside: not by a link, not by a reported path', async () => {
      const outside = join(base, 'outside.md');
      writeFileSync(outside, 'not yours');
      const lines = ['../../outside.md', outside, 'link.md', 'absent.md'].map((path) => ({
        artifact: { path },
      }));
      const line = `ln -s ${outside} link.md; ln -s /etc/passwd $ORCHESTRATOR_ARTIFACTS/passwd; ln -s /etc folder; ${say(...lines)}`;
      const report = await reportOf(line, { artifacts: [declared('link.md'), declared('folder/*')] });
      expect(report.artifacts).toEqual([]);
      expect(report.warnings.join('\n')).toMatch(/outside\.md" lies outside(.|\n)*absent\.md" was not found/);
    });

    it('fail the step that writes more than an artifact may have', async () => {
      const outcome = await run('head -c 20000000 /dev/zero > $ORCHESTRATOR_ARTIFACTS/large');
      expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'artifact_too_large' } });
    });

    it('may be empty', async () => {
      expect((await reportOf('true > $ORCHESTRATOR_ARTIFACTS/empty')).artifacts).toMatchObject([
        { path: 'empty' },
      ]);
    });
  });

  const JUNIT =
    '<testsuite tests="4" failures="1"><testcase name="a"/><testcase name="b"/><testcase name="c"/><testcase name="d"><failure/></testcase></testsuite>';

  describe('the evidence of a step', () => {
    it('is read from the reports that its profile declares', async () => {
      const evidence = [{ format: 'junit', path: 'reports/*.xml' }] as const;
      const report = await reportOf(`mkdir reports; echo '${JUNIT}' > reports/a.xml`, { evidence });
      const byName = Object.fromEntries(report.measurements.map((each) => [each.name, each.value]));
      expect(byName).toMatchObject({ 'tests.total': 4, 'tests.failed': 1, 'tests.pass_rate': 0.75 });
      expect(report.measurements[0]).toMatchObject({
        source: 'reports/a.xml',
        stepId: 'unit',
        sha256: expect.any(String),
      });
    });

    it('is not a report that was there before the step started, even when it is touched', async () => {
      const { context } = stepOf(base, command('true'), { evidence: [{ format: 'junit', path: 'old.xml' }] });
      writeFileSync(join(context.workspace, 'old.xml'), JUNIT);
      execFileSync('touch', ['--date=tomorrow', join(context.workspace, 'old.xml')]);
      // The clock of a file system ticks every few milliseconds: go on when it has moved.
      const written = statSync(join(context.workspace, 'old.xml')).ctimeMs;
      do writeFileSync(join(base, 'tick'), '');
      while (statSync(join(base, 'tick')).ctimeMs <= written);
      const outcome = await commandExecutor(base).execute(context);
      expect(outcome).toMatchObject({ kind: 'succeeded', report: { measurements: [] } });
      expect(JSON.stringify(outcome)).toContain('this step did not write it');
    });

    it('is a warning where the report is missing, a link, or no report', async () => {
      const evidence = ['absent.xml', 'link.xml', 'junk.xml'].map(
        (path) => ({ format: 'junit', path }) as const,
      );
      const { context } = stepOf(base, command('echo "<<<" > junk.xml'), { evidence });
      symlinkSync('/etc/passwd', join(context.workspace, 'link.xml'));
      const outcome = await commandExecutor(base).execute(context);
      expect(outcome).toMatchObject({ kind: 'succeeded', report: { measurements: [] } });
      if (outcome.kind === 'succeeded') expect(outcome.report.warnings).toHaveLength(3);
    });
  });

  describe('the usage that coding agents print', () => {
    it('is recognised in what the command printed last', async () => {
      const result = {
        type: 'result',
        session_id: 's',
        modelUsage: { 'claude-sonnet-4-5': { inputTokens: 3, outputTokens: 5, costUSD: 0.01 } },
      };
      const report = await reportOf(`yes noise | head -c 3000000; echo; echo '${JSON.stringify(result)}'`);
      expect(report.usage).toMatchObject([
        { model: 'claude-sonnet-4-5', inputTokens: 3, outputTokens: 5, reportedCostUsd: '0.01' },
      ]);
    });

    it('gives way to what the step reports itself', async () => {
      const result = { type: 'result', modelUsage: { other: { inputTokens: 3, outputTokens: 5 } } };
      const own = { usage: { provider: 'x', model: 'own', input_tokens: 1, output_tokens: 2 } };
      const report = await reportOf(`echo '${JSON.stringify(result)}'; ${say(own)}`);
      expect(report.usage).toMatchObject([{ model: 'own' }]);
    });
  });
});
