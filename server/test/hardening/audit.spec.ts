import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readAudit } from '../../src/hardening/discovery/audit-formats.js';
import { HardeningRun } from './support/hardening-run.js';

const ADVISORY = {
  minimist: [
    {
      id: 1,
      url: 'https://example.org/1',
      title: 'Prototype pollution',
      severity: 'critical',
      vulnerable_versions: '<0.2.4',
      cwe: [],
      cvss: { score: 9.8, vectorString: null },
    },
  ],
};

const PACKAGE = {
  name: 'minimist',
  'dist-tags': { latest: '0.2.4' },
  versions: {
    '0.0.8': { name: 'minimist', version: '0.0.8' },
    '0.2.4': { name: 'minimist', version: '0.2.4' },
  },
};

const FILES = {
  'package.json': JSON.stringify({ name: 'demo', version: '1.0.0', dependencies: { minimist: '0.0.8' } }),
  'package-lock.json': JSON.stringify({
    name: 'demo',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'demo', version: '1.0.0', dependencies: { minimist: '0.0.8' } },
      'node_modules/minimist': { version: '0.0.8' },
    },
  }),
};

describe('the dependency audit', () => {
  let server: Server | null = null;
  let run: HardeningRun | null = null;

  afterEach(async () => {
    server?.close();
    await run?.remove();
  });

  /** A registry that knows one package, and answers a request for advisories as told. */
  async function registry(status: number, advisories: unknown): Promise<string> {
    const started = createServer((request, response) => {
      const [code, body] = request.method === 'GET' ? [200, PACKAGE] : [status, advisories];
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/`;
  }

  it('reads what npm learns from the registry', async () => {
    run = await HardeningRun.create(FILES);
    await run.phase('discovery', { variables: { npm_config_registry: await registry(200, ADVISORY) } });
    expect(run.metric('audit.critical')).toBe(1);
    expect(run.metric('audit.total')).toBe(1);
    expect(await run.json('audit.json')).toMatchObject({
      measured: true,
      findings: [{ rule: 'dependencies/minimist', severity: 'critical' }],
    });
    expect(await run.text('audit.md')).toContain('Prototype pollution');
  }, 60_000);

  it('is not measured where the registry offers none, and says why', async () => {
    run = await HardeningRun.create(FILES);
    await run.phase('discovery', { variables: { npm_config_registry: await registry(405, {}) } });
    expect(run.metric('audit.total')).toBeUndefined();
    const { measured, notes } = (await run.json('audit.json')) as { measured: boolean; notes: string[] };
    expect(measured).toBe(false);
    expect(notes[0]).toContain('not measured, npm got no report from the registry: 405 Method Not Allowed');
  }, 60_000);

  it('reads the advisories of pnpm and of yarn, each once', () => {
    const advisory = {
      id: 7,
      module_name: 'a',
      severity: 'high',
      title: 'Bad',
      vulnerable_versions: '<2',
      patched_versions: '>=2',
    };
    const pnpm = JSON.stringify({ advisories: { 7: advisory }, metadata: { totalDependencies: 3 } });
    const line = JSON.stringify({ type: 'auditAdvisory', data: { advisory } });
    const yarn = `${line}\n${line}\n${JSON.stringify({ type: 'auditSummary', data: { totalDependencies: 3 } })}\n`;
    for (const report of [readAudit('pnpm', pnpm, 'pnpm-lock.yaml'), readAudit('yarn', yarn, 'yarn.lock')]) {
      expect(report).toMatchObject({
        dependencies: 3,
        findings: [{ severity: 'high', remedy: 'Update a to >=2.' }],
      });
      expect(report?.findings).toHaveLength(1);
    }
    expect(readAudit('yarn', 'error: offline', 'yarn.lock')).toBeNull();
  });
});
