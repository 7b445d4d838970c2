import { cliCommand, curlCommand } from './shell-commands';
import { parameterError, parameterFields, readParameter } from './parameter-fields';
import { aRun } from '../../../testing/fixtures';
import { draftOf, EMPTY_DRAFT, limitError, repositoryError, toRequest } from './run-draft';

describe('a draft of a run', () => {
  it('holds what makes a run like another one', () => {
    const run = aRun({
      intake: 'Do it.',
      repository: { path: null, url: 'https://x.test/a.git', ref: 'main' },
    });
    expect(draftOf({ ...run, budget: { ...run.budget, max_cost_usd: 2.5, max_tokens: null } })).toEqual({
      profile: run.profile,
      projectName: run.project_name,
      intake: 'Do it.',
      repositoryKind: 'url',
      repositoryPlace: 'https://x.test/a.git',
      uploadId: '',
      uploadName: '',
      ref: 'main',
      autoAdvance: run.auto_advance,
      maxCostUsd: '2.5',
      maxTokens: '',
    });
  });

  it('sends only what was given, so that the profile’s defaults stay', () => {
    expect(toRequest({ ...EMPTY_DRAFT, profile: 'web_app' }, {}, 'none')).toEqual({
      profile: 'web_app',
      auto_advance: true,
    });
  });

  it('sends everything that was given', () => {
    const draft = {
      profile: 'p',
      projectName: ' demo ',
      intake: 'Do it.',
      repositoryKind: 'path',
      repositoryPlace: '/srv/x',
      uploadId: '',
      uploadName: '',
      ref: 'main',
      autoAdvance: false,
      maxCostUsd: '2.5',
      maxTokens: '1000',
    } as const;
    expect(toRequest(draft, { depth: 'full' }, 'required')).toEqual({
      profile: 'p',
      project_name: 'demo',
      intake: 'Do it.',
      auto_advance: false,
      repository: { path: '/srv/x', ref: 'main' },
      budget: { max_cost_usd: 2.5, max_tokens: 1000 },
      parameters: { depth: 'full' },
    });
  });

  it('sends the upload and no ref, and keeps an address that was typed before', () => {
    const draft = {
      ...EMPTY_DRAFT,
      repositoryKind: 'upload',
      repositoryPlace: 'https://a.b/c',
      uploadId: 'u1',
      ref: 'main',
    } as const;
    expect(toRequest(draft, {}, 'required')).toMatchObject({ repository: { upload: 'u1' } });
    expect(toRequest({ ...draft, repositoryKind: 'url' }, {}, 'required')).toMatchObject({
      repository: { url: 'https://a.b/c', ref: 'main' },
    });
    expect(repositoryError('upload', '', 'required')).toContain('Choose');
    expect(repositoryError('upload', 'u1', 'required')).toBeNull();
  });

  it('sends no repository to a profile that takes none', () => {
    const draft = { ...EMPTY_DRAFT, repositoryKind: 'url', repositoryPlace: 'https://a.b/c' } as const;
    expect(toRequest(draft, {}, 'none')).not.toHaveProperty('repository');
  });

  it.each([
    ['none', '', 'optional', null],
    ['url', 'nonsense', 'none', null],
    ['none', '', 'required', /needs|works on a Git/],
    ['url', '', 'required', /Enter the address/],
    ['path', ' ', 'required', /Enter the folder/],
    ['url', 'http://example.org/x.git', 'required', /https/],
    ['url', 'https://example.org/x.git', 'required', null],
    ['path', 'relative/x', 'optional', /full path/],
    ['path', '/srv/x', 'optional', null],
  ] as const)('judges repository %s "%s" where it is %s', (kind, place, need, expected) => {
    const message = repositoryError(kind, place, need);
    if (expected === null) expect(message).toBeNull();
    else expect(message).toMatch(expected);
  });

  it('judges limits while they are typed', () => {
    expect(limitError('', 'money')).toBeNull();
    expect(limitError('2.5', 'money')).toBeNull();
    expect(limitError('2.5', 'count')).toContain('whole');
    expect(limitError('-1', 'money')).toContain('from 0');
    expect(limitError('a', 'count')).toContain('number');
  });

  it('gives a shell command whose quotes hold', () => {
    const command = curlCommand({ profile: 'p', intake: "it's" }, 'http://h');
    expect(command).toContain("it'\\''s");
    expect(command).toContain('http://h/runs');
  });
});

describe('the same from the command line', () => {
  it('says everything that the request says', () => {
    const command = cliCommand(
      {
        profile: 'web_app',
        project_name: 'my app',
        intake: "it's",
        auto_advance: true,
        repository: { url: 'https://example.org/x.git', ref: 'main' },
        budget: { max_cost_usd: 2.5 },
        parameters: { depth: 'full', minutes: 5, version: '1.0' },
      },
      'http://h',
    );
    expect(command.split(' \\\n  ')).toEqual([
      'orchestrator --server http://h run create',
      '--profile web_app',
      "--project 'my app'",
      '--repo https://example.org/x.git',
      '--ref main',
      "--intake 'it'\\''s'",
      '--param depth=full',
      '--param minutes=5',
      `--param 'version="1.0"'`,
      '--budget 2.5',
      '--auto',
    ]);
  });

  it('says no more than that', () => {
    const command = cliCommand({ profile: 'web_app', auto_advance: false }, 'http://h');
    expect(command).toBe('orchestrator --server http://h run create \\\n  --profile web_app');
  });
});

describe('the parameters of a profile', () => {
  const fields = parameterFields({
    type: 'object',
    required: ['depth'],
    properties: {
      depth: { type: 'string', enum: ['quick', 'full'], title: 'Depth' },
      minutes: { type: 'integer', minimum: 1, maximum: 5, default: 3 },
      run_tests: { type: 'boolean', description: 'Runs them.' },
      command: { type: 'string' },
      extra: { type: 'array' },
    },
  });
  const [depth, minutes, runTests, command, extra] = fields as [
    (typeof fields)[0],
    (typeof fields)[0],
    (typeof fields)[0],
    (typeof fields)[0],
    (typeof fields)[0],
  ];

  it('become fields of the fitting kind, in their order', () => {
    expect(fields.map((field) => field.input.kind)).toEqual(['choice', 'number', 'switch', 'text', 'json']);
    expect(fields.map((field) => field.title)).toEqual(['Depth', 'minutes', 'run tests', 'command', 'extra']);
    expect(parameterFields(null)).toEqual([]);
  });

  it('are read as what the schema asks for', () => {
    expect(readParameter(depth, 'full')).toBe('full');
    expect(readParameter(minutes, '4')).toBe(4);
    expect(readParameter(minutes, 'x')).toBeNull();
    expect(readParameter(runTests, false)).toBe(false);
    expect(readParameter(command, 'npm test')).toBe('npm test');
    expect(readParameter(command, ' ')).toBeUndefined();
    expect(readParameter(extra, '[1]')).toEqual([1]);
    expect(readParameter(extra, '[1')).toBeNull();
  });

  it('are judged while they are typed', () => {
    expect(parameterError(depth, undefined)).toContain('needed');
    expect(parameterError(minutes, undefined)).toBeNull();
    expect(parameterError(minutes, 9)).toBe('At most 5.');
    expect(parameterError(minutes, 0)).toBe('At least 1.');
    expect(parameterError(minutes, 1.5)).toContain('whole');
    expect(parameterError(minutes, null)).toContain('number');
    expect(parameterError(extra, null)).toContain('JSON');
    expect(parameterError(minutes, 3)).toBeNull();
  });
});
