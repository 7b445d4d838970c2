import { z } from 'zod';
import { given } from '../cli/api/given.js';
import { RUN_STATUSES } from '../runs/domain/run-status.js';
import { WAITING_KINDS } from '../runs/domain/waiting.js';
import { tool, type Offer } from './tool.js';

const RUN_ID = z.string().describe('Id of the run.');
const PHASE = z.string().describe('Name of the phase.');
const APPROVAL = z.string().optional().describe('The approval step that is meant, where it awaits several.');

/** Tools that find and read runs and what they made. */
export const READING: readonly Offer[] = [
  tool({
    name: 'list_profiles',
    title: 'List profiles',
    description: 'The profiles that a run can be made of, with what each needs.',
    input: {},
    effect: 'reads',
    call: (client) => client.call('listProfiles', {}),
  }),
  tool({
    name: 'list_runs',
    title: 'List runs',
    description: 'Runs that you may see, the newest first, with their status and what they wait for.',
    input: {
      status: z.array(z.enum(RUN_STATUSES)).optional().describe('Any of these.'),
      profile: z.array(z.string()).optional().describe('Any of these profiles.'),
      waiting_on: z.enum(WAITING_KINDS).optional().describe('What they wait for.'),
      q: z.string().optional().describe('Part of the project name, an id, or words of the intake.'),
      limit: z.int().min(1).max(200).optional().describe('How many, 50 where absent.'),
      cursor: z.string().optional().describe('`next_cursor` of the page before.'),
    },
    effect: 'reads',
    call: (client, { waiting_on: kind, ...query }) =>
      client.call('listRuns', {
        query: { ...given(query), ...(kind === undefined ? {} : { waiting_on: [kind] }) },
      }),
  }),
  tool({
    name: 'get_run',
    title: 'Read a run',
    description:
      'A run with its intake and every phase: steps, gates with threshold and actual value, approvals.',
    input: { run_id: RUN_ID },
    effect: 'reads',
    call: (client, path) => client.call('getRun', { path }),
  }),
  tool({
    name: 'get_run_metrics',
    title: 'Read the metrics of a run',
    description:
      'Time, tokens, cost and scores of a run by phase; null and `…_measured: false` are not measured.',
    input: { run_id: RUN_ID },
    effect: 'reads',
    call: (client, path) => client.call('getRunMetrics', { path }),
  }),
  tool({
    name: 'list_artifacts',
    title: 'List artifacts',
    description:
      'What a run made, by phase. A content is read as resource orchestrator://runs/{run_id}/artifacts/{artifact_id}.',
    input: { run_id: RUN_ID },
    effect: 'reads',
    call: (client, path) => client.call('listArtifacts', { path }),
  }),
];

/** Tools that make runs and move them. */
export const MOVING: readonly Offer[] = [
  tool({
    name: 'create_run',
    title: 'Create a run',
    description:
      'Makes a run of a profile. With auto_advance its phases start by themselves, else advance_run starts each.',
    input: {
      profile: z.string().describe('Name of a profile, see list_profiles.'),
      intake: z.string().optional().describe('What the run is for.'),
      project_name: z.string().optional().describe('Name of the project.'),
      auto_advance: z.boolean().optional().describe('Whether phases start by themselves.'),
      parameters: z.record(z.string(), z.unknown()).optional().describe('As the profile declares them.'),
      repository: z
        .object({
          url: z.string().optional().describe('An https address.'),
          path: z.string().optional().describe('A folder on the server.'),
          ref: z.string().optional().describe('Branch, tag or commit.'),
        })
        .optional()
        .describe('The repository to work on: url or path.'),
      budget: z
        .object({
          max_cost_usd: z.number().positive().optional().describe('US dollars.'),
          max_tokens: z.int().positive().optional().describe('Tokens in and out together.'),
        })
        .optional()
        .describe('Limits on what models may use.'),
    },
    effect: 'changes',
    call: (client, { profile, repository, budget, ...rest }) =>
      client.call('createRun', {
        body: {
          profile,
          ...given(rest),
          ...(repository === undefined ? {} : { repository: given(repository) }),
          ...(budget === undefined ? {} : { budget: given(budget) }),
        },
      }),
  }),
  tool({
    name: 'advance_run',
    title: 'Advance a run',
    description:
      'Executes the current phase and goes on to the next. Waits at most wait_seconds; the work goes on either way. ' +
      'An error governance_blocked names the gates that block, with what would move them.',
    input: {
      run_id: RUN_ID,
      wait_seconds: z.int().min(0).max(60).optional().describe('30 where absent.'),
      skip_validation: z.boolean().optional().describe('Waives blocked gates; needs the permission to.'),
      reason: z.string().optional().describe('Why they are waived.'),
    },
    effect: 'changes',
    call: (client, { run_id, wait_seconds = 30, ...body }) =>
      client.call('advanceRun', {
        path: { run_id },
        headers: { Prefer: `wait=${wait_seconds}` },
        body: given(body),
      }),
  }),
  tool({
    name: 'approve_phase',
    title: 'Approve a phase',
    description: 'Approves what a phase made, where an approval is awaited and you may give it.',
    input: {
      run_id: RUN_ID,
      phase: PHASE,
      step: APPROVAL,
      comment: z.string().optional().describe('What to remark.'),
    },
    effect: 'changes',
    call: (client, { run_id, phase, ...body }) =>
      client.call('approvePhase', { path: { run_id, phase }, body: given(body) }),
  }),
  tool({
    name: 'request_changes',
    title: 'Ask for changes',
    description: 'Sends a phase that awaits an approval back: a new attempt is given the comment.',
    input: {
      run_id: RUN_ID,
      phase: PHASE,
      step: APPROVAL,
      comment: z.string().describe('What is to be changed.'),
    },
    effect: 'changes',
    call: (client, { run_id, phase, comment, ...named }) =>
      client.call('rejectPhase', { path: { run_id, phase }, body: { comment, ...given(named) } }),
  }),
];
