import type { AgentTool, ExecutorDefinition } from '../../../workflow/domain/profile.js';

type AgentCliDefinition = Extract<ExecutorDefinition, { kind: 'agent_cli' }>;

/** Variable that names the file with the prompt. */
export const PROMPT_VARIABLE = 'ORCHESTRATOR_PROMPT';

/**
 * How each tool is started so that it asks nobody anything, changes files of the workspace and prints JSON; its prompt
 * comes on standard input. Claude Code 2.x ("Headless mode"), Codex CLI 0.5x and later ("Non-interactive mode"), Gemini
 * CLI 0.6 and later ("Headless mode").
 */
const STARTS: Readonly<Record<Exclude<AgentTool, 'custom'>, readonly string[]>> = {
  'claude-code': [
    'claude',
    '-p',
    '--output-format',
    'stream-json',
    '--verbose',
    '--permission-mode',
    'acceptEdits',
  ],
  codex: ['codex', 'exec', '--json', '--sandbox', 'workspace-write'],
  gemini: ['gemini', '--output-format', 'json', '--approval-mode', 'auto_edit'],
};

/** What comes after all options. */
const ENDS: Readonly<Record<Exclude<AgentTool, 'custom'>, readonly string[]>> = {
  'claude-code': [],
  codex: ['-'],
  gemini: ['-p', 'Do what the text above says.'],
};

/** The argument list of the tool, behind a shell that gives it its prompt: an argument could not hold a long one. */
export function agentCommand({ tool, model, command }: AgentCliDefinition): string[] {
  const start = ['/bin/sh', '-c', `exec "$@" < "$${PROMPT_VARIABLE}"`, 'sh'];
  if (tool === 'custom') return [...start, ...command];
  const named = model === null ? [] : ['--model', model];
  return [...start, ...STARTS[tool], ...named, ...command, ...ENDS[tool]];
}
