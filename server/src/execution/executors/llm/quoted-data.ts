import type { Readable } from 'node:stream';
import type { ArtifactStore } from '../../../artifacts/artifact-store.js';
import type { EarlierArtifact, StepContext } from '../executor.js';
import type { QuotedData } from './prompt.js';
import { TRANSCRIPTS } from './transcript.js';

/** Of one artifact. */
const MAX_ARTIFACT_BYTES = 60_000;
/** Of the intake and all artifacts; the newest of what has no room are named only. */
const MAX_BYTES = 400_000;

/** The intake, the parameters and the earlier artifacts, as far as there is room for them. */
export async function collectData(context: StepContext, store: ArtifactStore): Promise<QuotedData[]> {
  const parameters = JSON.stringify(context.parameters);
  const data: QuotedData[] = [
    { source: 'intake', text: context.intake ?? '(none was given)', leftOut: 0 },
    ...(parameters === '{}' ? [] : [{ source: 'parameters', text: parameters, leftOut: 0 }]),
  ];
  let left = MAX_BYTES - (context.intake?.length ?? 0);
  for (const artifact of context.earlierArtifacts) {
    if (artifact.path.startsWith(TRANSCRIPTS)) continue;
    const room = Math.min(MAX_ARTIFACT_BYTES, Math.max(left, 0));
    const text = await readText(artifact, store, room);
    const source = `artifact ${JSON.stringify(artifact.path)} of phase ${artifact.phase}`;
    if (text === null) {
      data.push({ source, text: `(${String(artifact.sizeBytes)} bytes that are no text)`, leftOut: 0 });
      continue;
    }
    left -= room < artifact.sizeBytes ? room : artifact.sizeBytes;
    data.push({ source, text, leftOut: Math.max(0, artifact.sizeBytes - room) });
  }
  return data;
}

/** The first bytes as text; null where they are none. */
async function readText(
  artifact: EarlierArtifact,
  store: ArtifactStore,
  maxBytes: number,
): Promise<string | null> {
  if (artifact.sizeBytes === 0 || maxBytes === 0) return '';
  const end = Math.min(artifact.sizeBytes, maxBytes) - 1;
  const bytes = await readAll(await store.open(artifact.sha256, { start: 0, end }));
  if (bytes.includes(0)) return null;
  // A character that was cut in the middle is left out.
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
