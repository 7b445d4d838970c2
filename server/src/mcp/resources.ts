import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import type { ApiClient } from '../cli/api/api-client.js';
import { CliError } from '../cli/api/cli-error.js';

const RUN = 'orchestrator://runs/{run_id}';
const ARTIFACT = `${RUN}/artifacts/{artifact_id}`;
/** Larger ones are for programs: a model's context has no room for them. */
const MAX_BYTES = 1024 * 1024;

/** Runs and the contents of their artifacts, as resources. */
export function offerResources(server: McpServer, api: ApiClient): void {
  server.registerResource(
    'run',
    new ResourceTemplate(RUN, { list: undefined }),
    { title: 'A run', description: 'A run with every phase.', mimeType: 'application/json' },
    async (uri, { run_id }) => {
      const run = await api.call('getRun', { path: { run_id: one(run_id) } });
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(run) }] };
    },
  );
  server.registerResource(
    'artifact',
    new ResourceTemplate(ARTIFACT, { list: undefined }),
    { title: 'An artifact', description: `The content of an artifact, at most ${MAX_BYTES} bytes.` },
    (uri, { run_id, artifact_id }) => readArtifact(api, uri.href, one(run_id), one(artifact_id)),
  );
}

async function readArtifact(
  api: ApiClient,
  uri: string,
  runId: string,
  artifactId: string,
): Promise<ReadResourceResult> {
  const path = { run_id: runId, artifact_id: artifactId };
  const { size_bytes: size, media_type: mimeType } = await api.call('getArtifact', { path });
  if (size > MAX_BYTES) {
    throw new CliError(
      `The artifact has ${size} bytes; at most ${MAX_BYTES} are read here. Download it over REST.`,
    );
  }
  const response = await api.open('getArtifactContent', { path }, { accept: '*/*' });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = textOf(bytes);
  return {
    contents: [text === null ? { uri, mimeType, blob: bytes.toString('base64') } : { uri, mimeType, text }],
  };
}

/** null where the bytes are no text. */
function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: sent as bytes.
    return null;
  }
}

const one = (value: string | string[] | undefined): string => String(value);
