import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import { CliError } from '../api/cli-error.js';
import type { UploadArtifactForm, UsageDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { collect } from './options.js';
import { change } from './run-control.js';

interface Decision {
  readonly phase?: string;
  readonly step?: string;
  readonly comment?: string;
}

interface Completion {
  readonly phase?: string;
  readonly file?: readonly string[];
  readonly summary?: string;
  readonly usage?: readonly string[];
}

const RUN = ['<run>', 'id, short id or project name'] as const;
const PHASE = ['--phase <name>', 'the phase; the current one where absent'] as const;
const STEP = [
  '--step <id>',
  'the approval that is meant; the first that you may decide where absent',
] as const;

/** `approve`, `reject` and `complete`. */
export function addDecisionCommands(parent: Command, cli: Cli): void {
  parent
    .command('approve')
    .summary('approve what a phase awaits')
    .argument(...RUN)
    .option(...PHASE)
    .option(...STEP)
    .option('-m, --comment <text>', 'a comment; recorded')
    .action((name: string, options: Decision) => approve(cli, name, options));
  parent
    .command('reject')
    .summary('ask for changes: a new attempt that is given the comment')
    .argument(...RUN)
    .option(...PHASE)
    .option(...STEP)
    .requiredOption('-m, --comment <text>', 'what is to be changed')
    .action((name: string, options: Decision & { readonly comment: string }) => reject(cli, name, options));
  parent
    .command('complete')
    .summary('deliver and complete a step that was done by hand')
    .argument(...RUN)
    .argument('<step>', 'id of the step')
    .option(...PHASE)
    .option(
      '-f, --file <file[=path]>',
      'upload a file, as this path among the artifacts; repeatable',
      collect,
    )
    .option('--summary <text>', 'what was done')
    .option('--usage <provider:model:in:out>', 'tokens that a model used for it; repeatable', collect)
    .action((name: string, step: string, options: Completion) => complete(cli, name, step, options));
}

const approve = (cli: Cli, name: string, { phase, ...body }: Decision): Promise<void> =>
  change(cli, name, async (api, path) =>
    api.call('approvePhase', {
      path: { ...path, phase: await phaseOf(api, path, phase) },
      body: given(body),
    }),
  );

const reject = (
  cli: Cli,
  name: string,
  { phase, ...body }: Decision & { readonly comment: string },
): Promise<void> =>
  change(cli, name, async (api, path) =>
    api.call('rejectPhase', { path: { ...path, phase: await phaseOf(api, path, phase) }, body }),
  );

const complete = (cli: Cli, name: string, step: string, options: Completion): Promise<void> =>
  change(cli, name, async (api, path) => {
    const usage = (options.usage ?? []).map(usageOf);
    const phase = await phaseOf(api, path, options.phase);
    for (const file of options.file ?? []) await upload(cli, api, { ...path, phase, step }, file);
    const body = given({ summary: options.summary, usage: usage.length === 0 ? undefined : usage });
    return api.call('completeStep', { path: { ...path, phase, step }, body });
  });

async function phaseOf(
  api: ApiClient,
  path: { readonly run_id: string },
  phase: string | undefined,
): Promise<string> {
  return phase ?? (await api.call('getRun', { path })).current_phase;
}

interface Place {
  readonly run_id: string;
  readonly phase: string;
  readonly step: string;
}

async function upload(cli: Cli, api: ApiClient, { run_id, phase, step }: Place, text: string): Promise<void> {
  const at = text.indexOf('=');
  const file = at < 0 ? text : text.slice(0, at);
  const path = at < 0 ? basename(text) : text.slice(at + 1);
  const content = await openAsBlob(file).catch(() => {
    throw new CliError(`${file} cannot be read.`);
  });
  const form = new FormData();
  for (const [field, value] of Object.entries({ phase, step, path })) form.append(field, value);
  form.append('file', content, basename(path));
  // The fields of the form are those of the document's schema.
  const body = form as unknown as UploadArtifactForm;
  const artifact = await api.call('uploadArtifact', { path: { run_id }, body });
  if (!cli.json) cli.out.remark(`Uploaded ${artifact.path}.`);
}

function usageOf(text: string): UsageDto {
  // A model's name may hold colons itself.
  const [, provider, model, input, output] = /^([^:]+):(.+):(\d+):(\d+)$/u.exec(text) ?? [];
  if (provider === undefined || model === undefined) {
    throw new CliError(`--usage is given as provider:model:input:output, not as "${text}".`);
  }
  return { provider, model, input_tokens: Number(input), output_tokens: Number(output) };
}
