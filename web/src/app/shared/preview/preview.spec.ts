import { highlightCode } from './highlight-code';
import { PREVIEW_LIMIT, previewKind } from './preview-kind';
import { renderMarkdown } from './render-markdown';

const file = (name: string, media_type: string, size_bytes = 10) => ({ name, media_type, size_bytes });

describe('how a file is shown', () => {
  it.each([
    [file('a.md', 'text/markdown'), 'markdown'],
    [file('README.md', 'application/octet-stream'), 'markdown'],
    [file('a.json', 'application/json; charset=utf-8'), 'json'],
    [file('a.sarif', 'application/sarif+json'), 'json'],
    [file('a.jsonl', 'application/json'), 'code'],
    [file('a.csv', 'text/csv'), 'csv'],
    [file('a.png', 'image/png'), 'image'],
    [file('a.png', 'image/png', PREVIEW_LIMIT + 1), 'image'],
    [file('a.patch', 'application/octet-stream'), 'code'],
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
