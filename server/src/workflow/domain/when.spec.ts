import { describe, expect, it } from '@jest/globals';
import { ConditionError, conditionParameters, evaluateCondition } from './when.js';

describe('evaluateCondition', () => {
  it.each([
    ["parameters.channel == 'stable'", { channel: 'stable' }, true],
    ["parameters.channel != 'stable'", { channel: 'stable' }, false],
    ['parameters[\'channel\'] == "beta"', { channel: 'beta' }, true],
    ["parameters.channel in ['stable', 'beta']", { channel: 'beta' }, true],
    ["'x' in parameters.tags", { tags: ['x', 'y'] }, true],
    ['parameters.count == 3', { count: 3 }, true],
    ['parameters.count >= 2 && parameters.count < 10', { count: 3 }, true],
    ['parameters.ratio > 0.5', { ratio: 0.25 }, false],
    ['parameters.count == -1', { count: -1 }, true],
    ['parameters.deploy', { deploy: true }, true],
    ['!parameters.deploy', { deploy: true }, false],
    ['!(parameters.a || parameters.b)', { a: false, b: false }, true],
    ['parameters.options.fast == true', { options: { fast: true } }, true],
    ["parameters.name == 'Zoë 🚀'", { name: 'Zoë 🚀' }, true],
  ])('evaluates %s on %j to %s', (expression, parameters, expected) => {
    expect(evaluateCondition(expression, parameters)).toBe(expected);
  });

  it('counts a parameter without a value as null', () => {
    expect(evaluateCondition('parameters.channel == null', {})).toBe(true);
    expect(evaluateCondition("parameters.channel == 'stable'", {})).toBe(false);
  });

  it('refuses values that do not fit the condition', () => {
    expect(() => evaluateCondition('parameters.count > 2', { count: 'many' })).toThrow(ConditionError);
    expect(() => evaluateCondition('parameters.count', { count: 3 })).toThrow('not give true or false');
  });

  it('does not reach prototypes', () => {
    expect(evaluateCondition('parameters.constructor == null', {})).toBe(true);
  });
});

describe('conditionParameters', () => {
  it('tells each parameter once', () => {
    expect(conditionParameters("parameters.a == 'x' || parameters['b'] == parameters.a")).toEqual(['a', 'b']);
  });

  it.each([
    ['parameters.a ==', 'Unexpected'],
    ["run.id == 'x'", 'Conditions know parameters only, not run'],
    ['parameters == 1', 'Write parameters with a name'],
    ['parameters[parameters.a] == 1', 'Write the name of a parameter as text'],
    ["parameters.a.matches('(a+)+$')", 'Conditions cannot use the function matches'],
    ['parameters.list.all(x, x > 1)', 'Conditions cannot use'],
    ['parameters.a + 1 == 2', 'Conditions cannot use the operator +'],
    ["'always'", 'not true or false'],
    ['1 == 1 &&', ''],
    [`parameters.a == ${'('.repeat(200)}1${')'.repeat(200)}`, ''],
    [`parameters.a in [${'1,'.repeat(500)}1]`, ''],
  ])('refuses %s', (expression, reason) => {
    expect(() => conditionParameters(expression)).toThrow(ConditionError);
    expect(() => conditionParameters(expression)).toThrow(reason);
  });
});
