import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeptContent } from '../../src/artifacts/artifact-contents.js';
import { ArtifactsRepository, type RecordedArtifact } from '../../src/artifacts/artifacts.repository.js';
import { RunEntity } from '../../src/runs/run.entity.js';
import { seedRun, seedUser } from '../live/seed-run.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('recording artifacts', () => {
  const NOW = new Date('2026-11-22T12:00:00Z');

  let database: TestDatabase;
  let artifacts: ArtifactsRepository;
  let ownerId: string;
  let runId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    artifacts = new ArtifactsRepository(database.dataSource);
    ownerId = await seedUser(database.dataSource, 'owner@example.org');
  }, 60_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    runId = await seedRun(database.dataSource, ownerId);
  });

  const content = (path: string, text: string): KeptContent => ({
    path,
    artifactType: 'other',
    mediaType: 'text/plain',
    sizeBytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    description: null,
  });

  const record = (
    contents: KeptContent[],
    attempt = 1,
    limit = 10_000,
    run = runId,
  ): Promise<RecordedArtifact[]> =>
    database.dataSource.transaction((tx) =>
      artifacts.record(
        tx,
        { runId: run, phase: 'planning', attempt, step: 'write', agentId: 'architect' },
        contents,
        limit,
        NOW,
      ),
    );

  const many = (count: number): KeptContent[] =>
    Array.from({ length: count }, (_, index) =>
      content(`${String(index)}.txt`, `text ${String(index % 100)}`),
    );

  it('takes thousands at once and keeps each content once', async () => {
    const recorded = await record(many(3000));
    expect(recorded.filter((row) => row.kind === 'new')).toHaveLength(3000);
    expect(await artifacts.ofAttempt(runId, 'planning', 1)).toHaveLength(3000);
    const run = await database.dataSource.getRepository(RunEntity).findOneByOrFail({ id: runId });
    expect(run.artifactsCount).toBe(3000);
  }, 30_000);

  it('takes the last of two contents with one path', async () => {
    await record([content('a.txt', 'first'), content('a.txt', 'second')]);
    expect(await artifacts.list(runId, 'all_versions')).toMatchObject([{ sizeBytes: 6, version: 1 }]);
  });

  it('gives an attempt’s gates only what that attempt delivered', async () => {
    await record([content('a.txt', 'same'), content('b.txt', 'old')], 1);
    await record([content('a.txt', 'same')], 2);
    const paths = async (attempt: number): Promise<string[]> =>
      (await artifacts.ofAttempt(runId, 'planning', attempt)).map((artifact) => artifact.path);
    expect(await paths(2)).toEqual(['a.txt']);
    expect(await paths(1)).toEqual(['b.txt']);
  });

  it('records nothing of what would pass the limit', async () => {
    await record(many(8), 1, 10);
    await expect(record(many(3), 2, 10)).rejects.toMatchObject({ code: 'too_many_artifacts' });
    expect(await artifacts.list(runId, 'all_versions')).toHaveLength(8);
  });

  it('lets runs that deliver the same contents in another order go on', async () => {
    const other = await seedRun(database.dataSource, ownerId);
    const fresh = many(500).map(({ path }) => content(path, `${runId} ${path}`));
    await Promise.all([record(fresh), record(fresh.toReversed(), 1, 10_000, other)]);
    expect(await artifacts.list(other, 'current')).toHaveLength(500);
  }, 30_000);

  it('is undone with the caller’s transaction', async () => {
    const place = { runId, phase: 'planning', attempt: 1, step: null, agentId: null };
    await expect(
      database.dataSource.transaction(async (tx) => {
        await artifacts.record(tx, place, [content('a.txt', 'x')], 10, NOW);
        throw new Error('changed its mind');
      }),
    ).rejects.toThrow('changed its mind');
    expect(await artifacts.list(runId, 'all_versions')).toEqual([]);
  });
});
