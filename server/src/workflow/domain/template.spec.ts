import { describe, expect, it } from '@jest/globals';
import { placeholders, renderTemplate, type TemplateValues } from './template.js';

const values: TemplateValues = {
  parameters: { channel: 'stable', count: 3, list: ['a'], nothing: null },
  intake: 'Build "it"\nnow',
  run: { id: 'r-1', projectName: 'Zoë 🚀', phase: 'qa' },
};

describe('renderTemplate', () => {
  it('fills in texts, and other values as JSON', () => {
    const template = '{{ parameters.channel }}|{{parameters.count}}|{{ parameters.list }}|{{ run.id }}';
    expect(renderTemplate(template, values)).toBe('stable|3|["a"]|r-1');
    expect(renderTemplate('{{ run.project_name }} {{ run.phase }} {{ intake }}', values)).toBe(
      'Zoë 🚀 qa Build "it"\nnow',
    );
  });

  it('puts nothing where there is no value', () => {
    expect(
      renderTemplate('[{{ parameters.nothing }}{{ parameters.absent }}{{ intake }}]', {
        ...values,
        intake: null,
      }),
    ).toBe('[]');
  });

  it('never reads what a value contains as a template or a replacement pattern', () => {
    const tricky = { ...values, intake: '{{ run.id }} $& $1' };
    expect(renderTemplate('{{ intake }}', tricky)).toBe('{{ run.id }} $& $1');
  });

  it('escapes values inside JSON', () => {
    const rendered = renderTemplate('{"text":"{{ intake }}"}', values, 'json');
    expect(JSON.parse(rendered)).toEqual({ text: values.intake });
  });

  it('does not reach inherited properties of the parameters', () => {
    expect(renderTemplate('{{ parameters.constructor }}', values)).toBe('');
  });
});

describe('placeholders', () => {
  it('tells what stands between the braces', () => {
    expect(placeholders('{{ a }} {b} {{c}}')).toEqual(['a', 'c']);
  });
});
