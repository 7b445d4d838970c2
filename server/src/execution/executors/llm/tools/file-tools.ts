import { z } from 'zod';
import { bounded, done, refused, type Tool, type ToolResult } from './tool.js';
import type { WorkspaceFiles } from './workspace-files.js';

const PATH = z.string().max(1000).describe('Relative to the workspace, such as docs/PRD.md');
const MAX_LINES = 2000;

const readInput = z.object({
  path: PATH,
  first_line: z.number().int().min(1).optional().describe('From 1; the first where absent'),
});

/** Gives a text file, from a line on. */
export const readFile = (files: WorkspaceFiles): Tool<z.infer<typeof readInput>> => ({
  name: 'read_file',
  description: `Reads a text file of the workspace, at most ${String(MAX_LINES)} lines at a time.`,
  input: readInput,
  run: async ({ path, first_line: first = 1 }) => {
    const bytes = await files.read(path);
    if (bytes.includes(0)) return refused(`${path} is no text: ${String(bytes.length)} bytes.`);
    const lines = bytes.toString('utf8').split('\n');
    const shown = lines.slice(first - 1, first - 1 + MAX_LINES).join('\n');
    const rest = lines.length - (first - 1) - MAX_LINES;
    return done(bounded(rest > 0 ? `${shown}\n… ${String(rest)} more lines` : shown));
  },
});

const writeInput = z.object({
  path: PATH,
  content: z.string().describe('All of it, or what is to be added'),
  append: z.boolean().optional().describe('Adds to the end of the file instead of replacing it'),
});

/** Writes a whole file, or adds to one. */
export const writeFile = (files: WorkspaceFiles): Tool<z.infer<typeof writeInput>> => ({
  name: 'write_file',
  description:
    'Writes a text file of the workspace; folders are made. Write a long file in parts, the later ones with append.',
  input: writeInput,
  run: async ({ path, content, append = false }) => write(files, path, content, append),
});

const patchInput = z.object({
  path: PATH,
  old_text: z.string().min(1).describe('A text that stands in the file exactly once'),
  new_text: z.string().describe('What is to stand there instead'),
});

/** Replaces one place of a file. */
export const patchFile = (files: WorkspaceFiles): Tool<z.infer<typeof patchInput>> => ({
  name: 'patch_file',
  description:
    'Replaces one place of a text file: old_text has to stand in it exactly once, white space included.',
  input: patchInput,
  run: async ({ path, old_text: before, new_text: after }) => {
    const text = (await files.read(path)).toString('utf8');
    const found = text.split(before).length - 1;
    if (found !== 1) return refused(`old_text stands in ${path} ${String(found)} times; it has to be once.`);
    return write(
      files,
      path,
      text.replace(before, () => after),
      false,
    );
  },
});

const saveInput = z.object({
  path: PATH,
  content: z.string().describe('All of it'),
});

/** Leaves an artifact that is no file of the repository. */
export const saveArtifact = (
  artifacts: WorkspaceFiles,
  reserved: string,
): Tool<z.infer<typeof saveInput>> => ({
  name: 'save_artifact',
  description: 'Leaves a text as an artifact of the run without putting it into the workspace.',
  input: saveInput,
  run: async ({ path, content }) => {
    if (`${await artifacts.path(path)}/`.startsWith(reserved))
      return refused(`${reserved} is kept for the records of agents.`);
    return write(artifacts, path, content, false);
  },
});

async function write(
  files: WorkspaceFiles,
  path: string,
  text: string,
  append: boolean,
): Promise<ToolResult> {
  const added = Buffer.from(text.toWellFormed());
  const before = append ? await files.readIfThere(path) : null;
  const content = before === null ? added : Buffer.concat([before, added]);
  const written = await files.write(path, content);
  return done(`${written} has ${String(content.length)} bytes now.`);
}
