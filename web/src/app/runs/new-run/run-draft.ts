import type { ProfileSummary } from '../../profiles/profiles-gateway';
import type { NewRunRequest, RunDetail } from '../run-models';

/** What a person has typed for a new run; numbers are texts until they are sent. */
export interface RunDraft {
  readonly profile: string;
  readonly projectName: string;
  readonly intake: string;
  readonly repositoryKind: 'none' | 'url' | 'path' | 'upload';
  readonly repositoryPlace: string;
  /** Id and file name of the uploaded repository; empty where none was. */
  readonly uploadId: string;
  readonly uploadName: string;
  readonly ref: string;
  readonly autoAdvance: boolean;
  readonly maxCostUsd: string;
  readonly maxTokens: string;
}

export const EMPTY_DRAFT: RunDraft = {
  profile: '',
  projectName: '',
  intake: '',
  repositoryKind: 'none',
  repositoryPlace: '',
  uploadId: '',
  uploadName: '',
  ref: '',
  autoAdvance: true,
  maxCostUsd: '',
  maxTokens: '',
};

/** Where the draft of a new run is kept, and of one that is like another. */
export const draftKeys = (from: string | null): { readonly draft: string; readonly parameters: string } => {
  const draft = from === null ? 'new-run' : `new-run.${from}`;
  return { draft, parameters: `${draft}.parameters` };
};

/** What would make a run like this one. */
export const draftOf = (run: RunDetail): RunDraft => ({
  profile: run.profile,
  projectName: run.project_name,
  intake: run.intake ?? '',
  ...placeOf(run.repository),
  autoAdvance: run.auto_advance,
  maxCostUsd: limitText(run.budget.max_cost_usd),
  maxTokens: limitText(run.budget.max_tokens),
});

/** What a template or a schedule would make runs with. */
export const draftOfPreset = (preset: NewRunRequest): RunDraft => ({
  profile: preset.profile,
  projectName: preset.project_name ?? '',
  intake: preset.intake ?? '',
  ...placeOf(preset.repository),
  autoAdvance: preset.auto_advance ?? false,
  maxCostUsd: limitText(preset.budget?.max_cost_usd),
  maxTokens: limitText(preset.budget?.max_tokens),
});

const placeOf = (
  repository: NewRunRequest['repository'],
): Pick<RunDraft, 'repositoryKind' | 'repositoryPlace' | 'uploadId' | 'uploadName' | 'ref'> => ({
  repositoryKind: repository?.upload
    ? 'upload'
    : repository?.url
      ? 'url'
      : repository?.path
        ? 'path'
        : 'none',
  repositoryPlace: repository?.url ?? repository?.path ?? '',
  uploadId: repository?.upload ?? '',
  uploadName: repository?.upload ? 'the repository of the other run' : '',
  ref: repository?.ref ?? '',
});

const limitText = (limit: number | null | undefined): string =>
  limit === null || limit === undefined ? '' : String(limit);

export type ParameterValues = Readonly<Record<string, unknown>>;

type RepositoryNeed = ProfileSummary['repository'];

/** What is wrong with the repository, or null. */
export function repositoryError(
  kind: RunDraft['repositoryKind'],
  place: string,
  need: RepositoryNeed,
): string | null {
  if (need === 'none' || (need === 'optional' && kind === 'none')) return null;
  if (kind === 'none')
    return 'This profile works on a Git repository: give its address or its folder, or upload it.';
  const text = place.trim();
  if (text === '' && kind === 'upload') return 'Choose the ZIP archive or Git bundle to upload.';
  if (text === '')
    return kind === 'url' ? 'Enter the address of the repository.' : 'Enter the folder of the repository.';
  if (kind === 'url' && !/^https:\/\/[^/\s]+\/\S+$/.test(text))
    return 'Enter an https address, such as https://example.org/project.git.';
  if (kind === 'path' && !text.startsWith('/')) return 'Enter the full path of a folder on the server.';
  return null;
}

/** What is wrong with a limit, or null. Empty is no limit. */
export function limitError(text: string, kind: 'money' | 'count'): string | null {
  if (text.trim() === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) return 'Enter a number from 0 up.';
  return kind === 'count' && !Number.isInteger(value) ? 'Enter a whole number.' : null;
}

/** The body of `POST /runs`: only what was given, so that defaults stay the profile's. */
export function toRequest(draft: RunDraft, parameters: ParameterValues, need: RepositoryNeed): NewRunRequest {
  return {
    profile: draft.profile,
    ...(draft.projectName.trim() === '' ? {} : { project_name: draft.projectName.trim() }),
    ...(draft.intake.trim() === '' ? {} : { intake: draft.intake }),
    auto_advance: draft.autoAdvance,
    ...repository(draft, need),
    ...budget(draft),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

function repository(draft: RunDraft, need: RepositoryNeed): Pick<NewRunRequest, 'repository'> {
  const kind = draft.repositoryKind;
  if (need === 'none' || kind === 'none') return {};
  if (kind === 'upload') return draft.uploadId === '' ? {} : { repository: { upload: draft.uploadId } };
  const place = draft.repositoryPlace.trim();
  const ref = draft.ref.trim() === '' ? {} : { ref: draft.ref.trim() };
  return place === '' ? {} : { repository: { [kind]: place, ...ref } };
}

function budget(draft: RunDraft): Pick<NewRunRequest, 'budget'> {
  const cost = draft.maxCostUsd.trim() === '' ? {} : { max_cost_usd: Number(draft.maxCostUsd) };
  const tokens = draft.maxTokens.trim() === '' ? {} : { max_tokens: Number(draft.maxTokens) };
  const limits = { ...cost, ...tokens };
  return Object.keys(limits).length === 0 ? {} : { budget: limits };
}
