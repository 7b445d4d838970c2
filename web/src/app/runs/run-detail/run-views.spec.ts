import { aPhase, aRun, aStep, anArtifact } from '../../../testing/fixtures';
import { eventDetails, eventWords } from './activity-tab/event-words';
import { artifactGroups, chooseArtifact } from './artifacts-tab/artifact-groups';
import { neighbourOf, resolvePath } from './artifacts-tab/neighbours';
import { barOptions } from './metrics-tab/bar-options';
import { scoreText } from './metrics-tab/score-text';
import { ansiParts } from './phases-tab/ansi-text';
import { choosePhase, chooseStep } from './phases-tab/phase-choice';

describe('the phase and step that are shown', () => {
  const run = aRun({ current_phase: 'test' });
  it('are those of the address, else where the run stands', () => {
    expect(choosePhase(run, 'build')?.phase).toBe('build');
    expect(choosePhase(run, 'nowhere')?.phase).toBe('test');
    expect(choosePhase(aRun({ current_phase: 'gone' }), null)?.phase).toBe('build');
  });

  it('are the step that most wants to be looked at', () => {
    const phase = aPhase('test', 'failed', {
      steps: [
        aStep({ step: 'a' }),
        aStep({ step: 'b', status: 'failed' }),
        aStep({ step: 'c', status: 'waiting' }),
      ],
    });
    expect(chooseStep(phase, null)).toBe('b');
    expect(chooseStep(phase, 'c')).toBe('c');
    const done = aPhase('test', 'completed', {
      steps: [aStep({ step: 'a' }), aStep({ step: 'b', status: 'pending', started_at: null })],
    });
    expect(chooseStep(done, null)).toBe('a');
    expect(chooseStep(aPhase('test', 'pending'), null)).toBeNull();
  });
});

describe('the artifacts', () => {
  const list = {
    run_id: 'r',
    total_count: 4,
    artifacts_by_phase: {
      test: [
        anArtifact('b.json', { phase: 'test' }),
        anArtifact('a.md', { phase: 'test', artifact_id: 'old', superseded: true, sha256: 'ab' }),
        anArtifact('a.md', { phase: 'test', version: 2, artifact_id: 'new' }),
      ],
      build: [anArtifact('x.txt')],
    },
  };
  const groups = artifactGroups(list, [aPhase('build', 'completed'), aPhase('test', 'completed')], 'all');

  it('stand in the order of the phases, newest version first', () => {
    expect(groups.map((group) => group.title)).toEqual(['Build', 'Test']);
    expect(groups[1]?.artifacts.map((artifact) => artifact.artifact_id)).toEqual(['new', 'old', 'id-b.json']);
  });

  it('are chosen by id, by path, by phase, or as the last document', () => {
    const wish = { id: null, path: null, sha256: null, phase: null };
    expect(chooseArtifact(groups, { ...wish, id: 'old' })?.artifact_id).toBe('old');
    expect(chooseArtifact(groups, { ...wish, path: 'a.md' })?.artifact_id).toBe('new');
    expect(chooseArtifact(groups, { ...wish, path: 'a.md', sha256: 'ab' })?.artifact_id).toBe('old');
    expect(chooseArtifact(groups, { ...wish, path: 'a.md', sha256: 'gone' })?.artifact_id).toBe('new');
    expect(chooseArtifact(groups, { ...wish, phase: 'build' })?.name).toBe('x.txt');
    expect(chooseArtifact(groups, wish)?.artifact_id).toBe('new');
    expect(chooseArtifact([], wish)).toBeNull();
  });
});

describe('what a document means by a relative path', () => {
  it.each([
    ['docs/a.md', 'b.png', 'docs/b.png'],
    ['docs/a.md', './img/b%20c.png?raw=1', 'docs/img/b c.png'],
    ['docs/a.md', '../b.svg#top', 'b.svg'],
    ['a.md', '../b.svg', null],
    ['a.md', '%zz', null],
  ])('%s → %s is %s', (from, path, resolved) => {
    expect(resolvePath(from, path)).toBe(resolved);
  });

  it('is a file of its own phase, as its own attempt left it', () => {
    const document = anArtifact('a.md', { attempt: 2 });
    const versions = [1, 2, 3].map((version) =>
      anArtifact('b.svg', { version, attempt: version, artifact_id: String(version) }),
    );
    const foreign = anArtifact('b.svg', { phase: 'test', version: 9 });
    expect(neighbourOf(document, [foreign, ...versions], 'b.svg')?.artifact_id).toBe('2');
    expect(neighbourOf(document, versions.slice(2), 'b.svg')?.artifact_id).toBe('3');
    expect(neighbourOf(document, versions, 'c.svg')).toBeNull();
  });
});

describe('a score', () => {
  it('that was not measured is never shown as a number', () => {
    expect(scoreText(1, false)).toEqual({ text: 'not measured', tone: 'none' });
  });

  it('that was measured is a percentage, never rounded up to full', () => {
    expect(scoreText(1, true)).toEqual({ text: '100 %', tone: 'ok' });
    expect(scoreText(0.9999, true).text).toBe('99.9 %');
    expect(scoreText(0.7, true).tone).toBe('warn');
    expect(scoreText(0.2, true).tone).toBe('bad');
  });
});

describe('an event', () => {
  const event = {
    seq: 1,
    type: 'gate.evaluated',
    at: '',
    actor: null,
    phase: 'test',
    step: null,
    attempt: 1,
    data: { message: 'Too low.', gate_id: 'coverage', sha256: 'ab', threshold: '0.8', list: [1], empty: '' },
  };
  it('is told with its place', () => {
    expect(eventWords(event)).toBe('Gate evaluated: Test / coverage');
    expect(eventWords({ ...event, type: 'run_created', phase: null, data: {} })).toBe('Run created');
  });

  it('is told with what a person understands, sentences first', () => {
    expect(eventDetails(event)).toBe('Too low. · threshold: 0.8');
  });
});

describe('a line of a terminal', () => {
  it('keeps its colours as classes and loses every other control', () => {
    expect(ansiParts('plain')).toEqual([{ text: 'plain', css: '' }]);
    const parts = ansiParts('\u001b[1;31mbad\u001b[0m \u001b[42mok\u001b[0m');
    expect(parts.map((part) => part.text)).toEqual(['bad', ' ', 'ok']);
    expect(parts[0]?.css).toBe('ansi-red bold');
    expect(parts[2]?.css).toContain('on-ansi-green');
  });

  it('shows only the last state of a progress bar', () => {
    expect(ansiParts('10 %\r50 %\r100 %\r')).toEqual([{ text: '100 %', css: '' }]);
  });
});

it('draws one stacked bar for each phase, in the colours of the theme', () => {
  const bars = [
    { label: 'Build', values: [1, 2] },
    { label: 'Test', values: [3] },
  ];
  const light = barOptions(bars, ['In', 'Out'], String, false);
  expect(light['series']).toMatchObject([{ data: [1, 3] }, { data: [2, 0] }]);
  expect(barOptions(bars, ['In'], String, true)['color']).not.toEqual(light['color']);
  expect(barOptions(bars, ['In'], String, true)).not.toHaveProperty('legend');
});
