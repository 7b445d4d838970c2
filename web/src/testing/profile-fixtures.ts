import type { ProfileDetailDto, ProfileSummaryDto } from '../app/api/generated/models';

const AT = '2026-11-22T12:00:00.000Z';

export const aProfile = (change: Partial<ProfileSummaryDto> = {}): ProfileSummaryDto => ({
  name: 'self_hardening',
  version: 1,
  title: 'Self-hardening',
  description: 'Measures and mends a repository.',
  repository: 'required',
  parameters: null,
  phases: [{ name: 'discovery', title: 'Discovery', optional: false, agent_ids: ['scanner'] }],
  deliverables: [],
  published_at: AT,
  ...change,
});

export const aProfileDetail = (): ProfileDetailDto => ({
  ...aProfile(),
  budget: { max_cost_usd: null, max_tokens: null },
  source: 'name: self_hardening',
  format: 'yaml',
  digest: 'ab',
  origin: 'builtin',
  published_by: null,
  phases: [
    {
      name: 'discovery',
      title: 'Discovery',
      optional: true,
      when: 'parameters.deep',
      agent_ids: ['scanner'],
      steps: [
        {
          id: 'scan',
          agent: 'scanner',
          executor: 'command',
          needs: [],
          when: null,
          timeout_seconds: 1800,
          attempts: 3,
        },
      ],
      gates: [
        {
          gate_id: 'no_secrets',
          kind: 'secrets',
          severity: 'block',
          weight: 1,
          rule: 'no secrets in any output',
          remedy: null,
        },
      ],
    },
  ],
});
