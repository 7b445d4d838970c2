import type {
  AgentUsageDto,
  ApprovalInfoDto,
  ArtifactListDto,
  ArtifactSummaryDto,
  ComparedArtifactDto,
  ComparedInputDto,
  ComparedPhaseDto,
  ComparedRunDto,
  CreateRunDto,
  GateDto,
  AwaitedDecisionDto,
  LogLineDto,
  LogPageDto,
  PhaseAttemptDto,
  PhaseAttemptsDto,
  PhaseInfoDto,
  PhaseMetricsDto,
  PhaseStatus,
  RunComparisonDto,
  RunDetailDto,
  RunEventDto,
  RunEventsDto,
  RunListDto,
  RunMetricsDto,
  RunStatus,
  RunSummaryDto,
  RunTimelineDto,
  StepInfoDto,
  WaitingKind,
} from '../api/generated/models';

// The console's names for what the API answers: the generated types, as they are.
export type { PhaseStatus, RunStatus, WaitingKind };
export type ApprovalInfo = ApprovalInfoDto;
export type ArtifactList = ArtifactListDto;
export type ArtifactSummary = ArtifactSummaryDto;
export type ComparedArtifact = ComparedArtifactDto;
export type ComparedInput = ComparedInputDto;
export type ComparedPhase = ComparedPhaseDto;
export type ComparedRun = ComparedRunDto;
export type EventPage = RunEventsDto;
export type GateInfo = GateDto;
export type InboxItem = AwaitedDecisionDto;
export type LogLine = LogLineDto;
export type LogPage = LogPageDto;
export type NewRunRequest = CreateRunDto;
export type PhaseAttempt = PhaseAttemptDto;
export type PhaseAttempts = PhaseAttemptsDto;
export type PhaseInfo = PhaseInfoDto;
export type PhaseMetrics = PhaseMetricsDto;
export type RunComparison = RunComparisonDto;
export type RunDetail = RunDetailDto;
export type RunEvent = RunEventDto;
export type RunMetrics = RunMetricsDto;
export type RunPage = RunListDto;
export type RunSummary = RunSummaryDto;
export type RunTimeline = RunTimelineDto;
export type StepInfo = StepInfoDto;
export type UsageSums = Omit<AgentUsageDto, 'agent_id'>;

export const RUN_STATUSES = [
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const satisfies readonly RunStatus[];

export const WAITING_KINDS = [
  'advance',
  'phase',
  'approval',
  'worker',
  'agent',
  'retry',
  'budget',
] as const satisfies readonly WaitingKind[];
