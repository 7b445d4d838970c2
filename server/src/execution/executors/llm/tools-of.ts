import { patchFile, readFile, saveArtifact, writeFile } from './tools/file-tools.js';
import { listFiles, search } from './tools/find-tools.js';
import { runCommand, type AgentCommandSettings, type CommandPlace } from './tools/run-command.js';
import type { Tool } from './tools/tool.js';
import { WorkspaceFiles } from './tools/workspace-files.js';
import { TRANSCRIPTS } from './transcript.js';

export interface ToolPlace {
  /** Resolved folders. */
  readonly workspace: string;
  readonly artifacts: string;
  readonly command: CommandPlace;
}

/** The tools that a profile's names stand for. */
export function toolsOf(names: readonly string[], commands: AgentCommandSettings, place: ToolPlace): Tool[] {
  const files = new WorkspaceFiles(place.workspace);
  const artifacts = new WorkspaceFiles(place.artifacts);
  const known: Readonly<Record<string, () => readonly unknown[]>> = {
    list: () => [listFiles(files)],
    read: () => [readFile(files)],
    search: () => [search(files)],
    write: () => [writeFile(files), saveArtifact(artifacts, TRANSCRIPTS)],
    patch: () => [patchFile(files)],
    run: () => (commands.mode === 'off' ? [] : [runCommand(commands, place.command)]),
  };
  return names.flatMap((name) => known[name]?.() ?? []) as Tool[];
}
