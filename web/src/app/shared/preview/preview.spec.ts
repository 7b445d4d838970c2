import { compareTexts, parseDiff } from './diff/parse-diff';
import { highlightCode } from './highlight-code';
import { PREVIEW_LIMIT, previewKind } from './preview-kind';
import { renderMarkdown } from './render-markdown';

const file = (path: string, media_type: string, size_bytes = 10) => ({
  ...{ name: path.split('/').at(-1) ?? '', path, media_type, size_bytes },
});

describe('how a file is shown', () => {
  it.each([
    [file('a.md', 'text/markdown'), 'markdown'],
    [file('README.md', 'application/octet-stream'), 'markdown'],
    [file('a.json', 'application/json; charset=utf-8'), 'json'],
    [file('a.sarif', 'application/sarif+json'), 'json'],
    [file('a.jsonl', 'application/json'), 'code'],
    [file('transcripts/plan.jsonl', 'application/x-ndjson'), 'transcript'],
    [file('a.csv', 'text/csv'), 'csv'],
    [file('a.png', 'image/png'), 'image'],
    [file('a.png', 'image/png', PREVIEW_LIMIT + 1), 'image'],
    [file('a.patch', 'application/octet-stream'), 'patch'],
    [file('a.html', 'text/html'), 'html'],
    [file('a.bin', 'application/octet-stream'), 'none'],
    [file('a.md', 'text/markdown', PREVIEW_LIMIT + 1), 'none'],
    [file('a.md', 'text/markdown', 0), 'none'],
  ] as const)('%j is %s', (given, kind) => {
    expect(previewKind(given)).toBe(kind);
  });
});

describe('Markdown that an agent wrote', () => {
  it('is rendered', () => {
    expect(renderMarkdown('# Title\n\n- a')).toContain('<h1>Title</h1>');
  });

  it('brings no scripts, handlers, frames, forms or styles', () => {
    const html = renderMarkdown(
      '<script>alert(1)</script><p onclick="x()" style="position:fixed">a</p><iframe src="x"></iframe><form><input></form>',
    );
    expect(html).not.toMatch(/script|onclick|style|iframe|form|input/);
    expect(html).toContain('a');
  });

  it('brings no script address and opens links without a way back', () => {
    expect(renderMarkdown('[x](javascript:alert(1))')).not.toContain('javascript');
    expect(renderMarkdown('[x](https://example.org)')).toContain('rel="noopener noreferrer"');
    expect(renderMarkdown('[x](other.md)')).not.toContain('href');
  });

  it('loads no picture from elsewhere', () => {
    expect(renderMarkdown('![chart](https://tracker.example/p.png)')).toContain('[image: chart]');
    expect(renderMarkdown('![dot](data:image/png;base64,AAAA)')).toContain('<img');
  });
});

describe('Markdown beside other files', () => {
  const neighbours = {
    picture: (path: string) => (path === 'badge.svg' ? '/runs/r/artifacts/b/content' : null),
    page: (path: string) => (path === 'other.md' ? '/orchestrator/runs/r/artifacts?artifact=o' : null),
  };

  it('shows pictures that lie there, and links to what lies there', () => {
    const html = renderMarkdown('![badge](badge.svg) [other](other.md)', neighbours);
    expect(html).toContain('<img src="/runs/r/artifacts/b/content" alt="badge">');
    expect(html).toContain('href="/orchestrator/runs/r/artifacts?artifact=o"');
  });

  it('asks nobody else for a picture', () => {
    const hostile = { picture: () => 'shown', page: () => 'opened' };
    for (const address of ['https://t.example/p.png', '//t.example/p.png', '/auth/logout', 'x:y']) {
      expect(renderMarkdown(`![p](${address}) <img src="${address}">`, hostile)).not.toContain('<img');
    }
    expect(renderMarkdown('<img src="\\\\t.example\\p.png">', hostile)).not.toContain('<img');
    expect(renderMarkdown('<img src="b.svg" srcset="https://t.example/p.png 2x">', hostile)).not.toContain(
      't.example',
    );
  });
});

describe('a patch', () => {
  const text = [
    'diff --git a/old.ts b/old.ts',
    'index 1..2 100644',
    '--- a/old.ts',
    '+++ b/old.ts',
    '@@ -3,4 +3,3 @@',
    ' keep',
    '-was',
    '-went',
    '+is',
    ' end',
    'diff --git a/new.bin b/new.bin',
    'new file mode 100644',
    'index 0..3',
    'Binary files /dev/null and b/new.bin differ',
    'diff --git a/a.txt b/b.txt',
    'similarity index 100%',
    'rename from a.txt',
    'rename to b.txt',
    '',
  ].join('\n');

  it('is read file by file, with removed lines beside those that replace them', () => {
    const files = parseDiff(text) ?? [];
    expect(files.map(({ name, change, added, removed }) => [name, change, added, removed])).toEqual([
      ['old.ts', 'changed', 1, 2],
      ['new.bin', 'added', 0, 0],
      ['a.txt → b.txt', 'renamed', 0, 0],
    ]);
    expect(files[0]?.rows.map((row) => [row.kind, row.before, row.left, row.after, row.right])).toEqual([
      ['gap', null, 'from line 3', null, 'from line 3'],
      ['same', 3, 'keep', 3, 'keep'],
      ['changed', 4, 'was', 4, 'is'],
      ['removed', 5, 'went', null, ''],
      ['same', 6, 'end', 5, 'end'],
    ]);
    expect(files.slice(1).map(({ note }) => note)).toEqual([
      'A binary file: its content is not shown.',
      'Renamed without a change.',
    ]);
  });

  it('that cannot be read is not taken for one', () => {
    expect(parseDiff('+added')).toBeNull();
    expect(parseDiff('--- a\n+++ b\n@@ -1 +1,9 @@\n+x\n')).toBeNull();
    expect(parseDiff('')).toBeNull();
  });

  it('is made of two texts, and not where they are the same', () => {
    expect(compareTexts('a.md', 'x\n', 'x\n')).toEqual({ kind: 'same' });
    const compared = compareTexts('a.md', 'one\ntwo\n', 'one\n2\nthree\n');
    expect(compared.kind === 'differs' && compared.file.rows.map(({ kind }) => kind)).toEqual([
      'same',
      'changed',
      'added',
    ]);
  });
});

describe('source code', () => {
  it('is highlighted where its language is known', () => {
    expect(highlightCode('const a = 1;', 'a.ts')).toContain('hljs-keyword');
    expect(highlightCode('+new', 'a.patch')).toContain('hljs-addition');
  });

  it('is escaped in any case', () => {
    expect(highlightCode('<b>&', 'a.unknown')).toBe('&lt;b&gt;&amp;');
    expect(highlightCode('"<script>"', 'a.ts')).not.toContain('<script>');
    expect(highlightCode(`// ${'x'.repeat(300_000)}<b>`, 'a.ts')).toContain('&lt;b&gt;');
  });
});
