import type { Repository } from '../../repository.js';
import { leave, nothing, type Proposal, type Remedy } from '../remedy.js';

/** Lets git keep line ends the same on every system, where that changes no file. */
export const gitattributes: Remedy = {
  id: 'gitattributes',
  title: 'Keep line ends the same on every system',
  reason:
    'Without it a clone on Windows may commit other line ends. Every text file has LF already, so no file changes.',
  propose,
};

async function propose(repository: Repository): Promise<Proposal> {
  if (repository.files.length === 0) return leave(null, 'the repository has no files');
  if (repository.files.some(({ path }) => path === '.gitattributes')) return nothing;
  const records = await repository.git.records(['ls-files', '-z', '--eol']);
  const other = records.filter((record) => /^i\/(?:crlf|mixed)\b/u.test(record)).length;
  if (other > 0) {
    return leave(
      null,
      `${other} tracked text file(s) have CRLF or mixed line ends; changing them is a decision`,
    );
  }
  const shell = repository.files.some(({ path }) => path.endsWith('.sh'));
  const content = shell ? '* text=auto\n*.sh text eol=lf\n' : '* text=auto\n';
  return { changes: [{ path: '.gitattributes', content }], leftAlone: [] };
}
