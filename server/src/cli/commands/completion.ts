import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.js';

const SHELLS = ['bash', 'zsh'] as const;
type Shell = (typeof SHELLS)[number];

/** What the shell asks on every press of Tab; not for people. */
const QUERY = '__complete';

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_orchestrator() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(orchestrator ${QUERY} -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _orchestrator orchestrator
`,
  zsh: `#compdef orchestrator
_orchestrator() {
  local -a candidates
  candidates=(\${(f)"$(orchestrator ${QUERY} -- "\${(@)words[2,CURRENT-1]}" 2>/dev/null)"})
  if (( \${#candidates} )); then compadd -- $candidates; else _files; fi
}
compdef _orchestrator orchestrator
`,
};

/** `completion`, and the query that its scripts make. */
export function addCompletionCommands(program: Command, cli: Cli): void {
  program
    .command('completion')
    .summary('print the completion of a shell')
    .description('Completion for a shell; load it with: source <(orchestrator completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: Shell) => cli.out.raw(SCRIPTS[shell]));
  program
    .command(QUERY, { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => {
      for (const candidate of candidates(program, words)) cli.out.line(candidate);
    });
}

/** What may follow the words: commands, options, and the values of an argument that has few. */
function candidates(program: Command, words: readonly string[]): string[] {
  let command = program;
  let position = 0;
  for (const word of words) {
    if (word.startsWith('-')) continue;
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) position += 1;
    else command = next;
  }
  const last = words.at(-1) ?? '';
  const takesValue = [...command.options, ...program.options].some(
    (option) => option.required && [option.long, option.short].includes(last),
  );
  if (takesValue) return [];
  const help = command.createHelp();
  const commands = help.visibleCommands(command).map((one) => one.name());
  const options = [...help.visibleOptions(command), ...program.options].flatMap(({ long }) => long ?? []);
  const values = command.registeredArguments[position]?.argChoices ?? [];
  return [...new Set([...commands, ...values, ...options])];
}
