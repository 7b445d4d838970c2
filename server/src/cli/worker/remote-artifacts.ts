import { Readable } from 'node:stream';
import { ArtifactStore } from '../../artifacts/artifact-store.js';
import type { StoredBlob } from '../../artifacts/artifact-store.js';
import type { ApiClient } from '../api/api-client.js';
import type { ClaimAnswerDto } from '../api/generated/types.gen.js';
import { untilAnswered } from './until-answered.js';

/** The artifacts that a claim speaks of, read from the server. */
export class RemoteArtifacts extends ArtifactStore {
  constructor(
    private readonly api: ApiClient,
    private readonly claim: ClaimAnswerDto,
    private readonly signal: AbortSignal,
  ) {
    super();
  }

  async open(sha256: string): Promise<Readable> {
    const artifact = this.claim.artifacts.find((one) => one.sha256 === sha256);
    if (artifact === undefined) throw new Error(`The claim names no artifact ${sha256}`);
    const path = { run_id: this.claim.step.run_id, artifact_id: artifact.artifact_id };
    const content = await untilAnswered(
      () => this.api.open('getArtifactContent', { path }, { accept: '*/*', signal: this.signal }),
      this.signal,
    );
    return content.body === null ? Readable.from([]) : Readable.fromWeb(content.body);
  }

  has(sha256: string): Promise<boolean> {
    return Promise.resolve(this.claim.artifacts.some((one) => one.sha256 === sha256));
  }

  put(): Promise<StoredBlob> {
    return Promise.reject(readOnly());
  }

  remove(): Promise<void> {
    return Promise.reject(readOnly());
  }

  removePutBefore(): Promise<boolean> {
    return Promise.reject(readOnly());
  }
}

const readOnly = (): Error =>
  new Error('The artifacts of a claim are only read; results go through the lease');
