export interface ProfileSummary {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly repository: 'required' | 'optional' | 'none';
  readonly parameters: Readonly<Record<string, unknown>> | null;
  readonly phases: readonly { readonly name: string; readonly title: string; readonly agent_ids: readonly string[] }[];
  readonly deliverables: readonly { readonly phase: string; readonly path: string; readonly required: boolean }[];
  readonly published_at: string;
}

export interface ProfileDetail extends Omit<ProfileSummary, 'phases'> {
  readonly phases: readonly ProfilePhase[];
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly origin: string;
}

export interface ProfilePhase {
  readonly name: string;
  readonly title: string;
  readonly optional: boolean;
  readonly when: string | null;
  readonly agent_ids: readonly string[];
  readonly steps: readonly ProfileStep[];
  readonly gates: readonly ProfileGate[];
}

export interface ProfileStep {
  readonly id: string;
  readonly agent: string;
  readonly executor: string;
  readonly needs: readonly string[];
  readonly timeout_seconds: number;
  readonly attempts: number;
}

export interface ProfileGate {
  readonly gate_id: string;
  readonly kind: string;
  readonly severity: 'block' | 'warn';
  readonly rule: string;
  readonly remedy: string | null;
}

export interface ProfileVersion {
  readonly name: string;
  readonly version: number;
  readonly published_at: string;
}
