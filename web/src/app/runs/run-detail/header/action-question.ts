import type { ReasonQuestion } from '../../../shared/dialogs/reason-dialog';
import { sentence } from '../../../shared/status/status-look';
import type { RunAction } from '../../legal-actions';
import type { GateInfo, RunDetail } from '../../run-models';

type Asked = Extract<RunAction, 'waive' | 'approve' | 'reject' | 'skip' | 'cancel' | 'archive' | 'erase'>;
type Ask = (run: Subject, blocked: readonly GateInfo[]) => ReasonQuestion;
type Subject = Pick<RunDetail, 'current_phase' | 'project_name'>;

const QUESTIONS: Readonly<Record<Asked, Ask>> = {
  waive: (run, blocked) => ({
    title:
      blocked.length === 1 ? 'Waive the blocked gate?' : `Waive ${String(blocked.length)} blocked gates?`,
    text: `${sentence(run.current_phase)} did not meet its gates. A waiver is recorded with your name, the time and this reason, and is shown wherever the run is.`,
    points: blocked.map((gate) => `${gate.gate_id}: ${gate.message}`),
    label: 'Reason',
    required: true,
    confirm: 'Waive and go on',
    danger: true,
  }),
  approve: (run) => ({
    title: `Approve ${sentence(run.current_phase)}?`,
    text: 'The run goes on with what the phase produced.',
    label: 'Comment (optional)',
    required: false,
    confirm: 'Approve',
  }),
  reject: (run) => ({
    title: `Ask for changes in ${sentence(run.current_phase)}?`,
    text: 'The phase starts again as a new attempt and is given your comment.',
    label: 'What should change',
    required: true,
    confirm: 'Ask for changes',
  }),
  skip: (run) => ({
    title: `Skip ${sentence(run.current_phase)}?`,
    text: 'The phase is optional. The run goes on without what it would produce.',
    label: null,
    required: false,
    confirm: 'Skip the phase',
  }),
  cancel: (run) => ({
    title: `Cancel ${run.project_name}?`,
    text: 'Running steps are ended. What they made so far is kept, but the run cannot be continued.',
    label: null,
    required: false,
    confirm: 'Cancel the run',
    dismiss: 'Keep it',
    danger: true,
  }),
  archive: (run) => ({
    title: `Archive ${run.project_name}?`,
    text: 'It leaves the list and stays readable: the filter “archived” shows it. From there it can be erased.',
    label: null,
    required: false,
    confirm: 'Archive the run',
  }),
  erase: (run) => ({
    title: `Erase ${run.project_name} for good?`,
    text: 'Its records, logs and workspace are deleted, and files that no other run has made as well. Nothing brings them back.',
    label: null,
    required: false,
    confirm: 'Erase the run',
    dismiss: 'Keep it',
    danger: true,
  }),
};

/** What is asked before an action, or null where it starts at once. */
export function actionQuestion(
  action: RunAction,
  run: Subject,
  blocked: readonly GateInfo[],
): ReasonQuestion | null {
  return isAsked(action) ? QUESTIONS[action](run, blocked) : null;
}

const isAsked = (action: RunAction): action is Asked => action in QUESTIONS;
