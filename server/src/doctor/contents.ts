import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { systemErrorCode } from '../artifacts/system-error.js';
import type { CheckResult, Finding } from './report.js';

const BATCH = 1000;
const DIGEST = /^[0-9a-f]{64}$/u;
const FOLDER = /^[0-9a-f]{2}$/u;
/** A file is in its place before the transaction that records it; milliseconds. */
const UNDER_WAY_MS = 60 * 60 * 1000;

/** Compares the artifact store's folder with the contents that the database knows, both ways. */
export async function checkContents(
  dataSource: DataSource,
  folder: string,
  now: number,
): Promise<CheckResult[]> {
  return [
    {
      name: 'content_without_file',
      says: 'Every recorded content is in the artifact store',
      severity: 'violation',
      findings: await contentsWithoutFile(dataSource, folder),
    },
    {
      name: 'file_without_content',
      says: 'Every file of the artifact store is a recorded content',
      severity: 'waste',
      findings: await filesWithoutContent(dataSource, folder, now),
    },
  ];
}

async function contentsWithoutFile(dataSource: DataSource, folder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let after = '';
  for (;;) {
    const rows = await dataSource.query<{ sha256: string; size: string }[]>(
      'SELECT sha256, size_bytes AS size FROM blobs WHERE sha256 > $1 ORDER BY sha256 LIMIT $2',
      [after, BATCH],
    );
    for (const { sha256, size } of rows) {
      const found = await sizeOf(fileOf(folder, sha256));
      if (found === Number(size)) continue;
      const what = found === null ? 'has no file' : `has ${size} bytes, its file has ${String(found)}`;
      findings.push({ runId: null, id: sha256, detail: `content ${sha256} ${what}` });
    }
    if (rows.length < BATCH) return findings;
    after = rows.at(-1)?.sha256 ?? after;
  }
}

async function filesWithoutContent(dataSource: DataSource, folder: string, now: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const first of await foldersIn(folder)) {
    for (const second of await foldersIn(join(folder, first))) {
      const names = (await entries(join(folder, first, second))).filter((name) => DIGEST.test(name));
      for (const sha256 of await unknown(dataSource, names)) {
        const { mtimeMs } = await stat(fileOf(folder, sha256)).catch(() => ({ mtimeMs: now }));
        if (now - mtimeMs < UNDER_WAY_MS) continue;
        findings.push({ runId: null, id: sha256, detail: `file ${sha256} belongs to no recorded content` });
      }
    }
  }
  return findings;
}

async function unknown(dataSource: DataSource, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await dataSource.query<{ sha256: string }[]>(
    'SELECT n AS sha256 FROM unnest($1::text[]) n WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.sha256 = n)',
    [names],
  );
  return rows.map((row) => row.sha256);
}

const fileOf = (folder: string, sha256: string): string =>
  join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

const foldersIn = async (folder: string): Promise<string[]> =>
  (await entries(folder)).filter((name) => FOLDER.test(name));

async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    // Nothing was stored yet.
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
