import { isRecord, numberAt, parseJsonObject, recordAt, recordsAt, textAt, type JsonObject } from './json.js';
import { KEPT_FINDINGS, MalformedReport, type ReportContent, type ReportFinding } from './report.js';

type Level = ReportFinding['level'] | 'none';

/**
 * Reads a SARIF 2.1.0 log. A result's level is its own, else its rule's, else `warning`. Suppressed results are
 * counted apart as `sarif.suppressed`. A log whose tool says that it did not finish measures nothing.
 * @throws MalformedReport
 */
export function readSarif(text: string): ReportContent {
  const log = parseJsonObject(text);
  if (!Array.isArray(log['runs'])) throw new MalformedReport('it has no runs');
  const runs = recordsAt(log, 'runs');
  if (runs.length === 0) throw new MalformedReport('it has no run of a tool');
  if (runs.some(didNotFinish)) throw new MalformedReport('the tool says that it did not finish');
  const counts = { error: 0, warning: 0, note: 0, none: 0 };
  const findings: ReportFinding[] = [];
  let suppressed = 0;
  for (const run of runs) {
    const levels = levelsOfRules(run);
    for (const result of recordsAt(run, 'results').filter(isPresent)) {
      const level = levelOf(result, levels);
      if (isSuppressed(result)) suppressed += 1;
      else {
        counts[level] += 1;
        if (level !== 'none' && findings.length < KEPT_FINDINGS) findings.push(findingOf(result, level));
      }
    }
  }
  const figures = {
    'sarif.errors': counts.error,
    'sarif.warnings': counts.warning,
    'sarif.notes': counts.note,
    'sarif.suppressed': suppressed,
  };
  return { figures, warnings: [], findings };
}

const didNotFinish = (run: JsonObject): boolean =>
  recordsAt(run, 'invocations').some((invocation) => invocation['executionSuccessful'] === false);

const isPresent = (result: JsonObject): boolean =>
  result['baselineState'] !== 'absent' && (textAt(result, 'kind') ?? 'fail') === 'fail';

const isSuppressed = (result: JsonObject): boolean => {
  const suppressions = recordsAt(result, 'suppressions');
  return (
    suppressions.length > 0 &&
    suppressions.every((each) => (textAt(each, 'status') ?? 'accepted') === 'accepted')
  );
};

const asLevel = (value: string | null): Level | null =>
  value === 'error' || value === 'warning' || value === 'note' || value === 'none' ? value : null;

/** Default levels by rule id, and by the rule's index as `#0`. */
function levelsOfRules(run: JsonObject): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  const tool = recordAt(run, 'tool') ?? {};
  const components = [recordAt(tool, 'driver') ?? {}, ...recordsAt(tool, 'extensions')];
  components.forEach((component, position) => {
    recordsAt(component, 'rules').forEach((rule, index) => {
      const level = asLevel(textAt(recordAt(rule, 'defaultConfiguration') ?? {}, 'level'));
      if (level === null) return;
      if (position === 0) levels.set(`#${index}`, level);
      levels.set(textAt(rule, 'id') ?? '', level);
    });
  });
  return levels;
}

function levelOf(result: JsonObject, levels: ReadonlyMap<string, Level>): Level {
  const id = ruleOf(result);
  const index = numberAt(result, 'ruleIndex');
  return asLevel(textAt(result, 'level')) ?? levels.get(id) ?? levels.get(`#${index ?? ''}`) ?? 'warning';
}

const ruleOf = (result: JsonObject): string =>
  textAt(result, 'ruleId') ?? textAt(recordAt(result, 'rule') ?? {}, 'id') ?? 'unknown';

function findingOf(result: JsonObject, level: ReportFinding['level']): ReportFinding {
  const physical = recordAt(recordsAt(result, 'locations')[0] ?? {}, 'physicalLocation') ?? {};
  const message = recordAt(result, 'message');
  return {
    rule: ruleOf(result),
    level,
    path: textAt(recordAt(physical, 'artifactLocation') ?? {}, 'uri'),
    line: numberAt(recordAt(physical, 'region') ?? {}, 'startLine'),
    message: (isRecord(message) ? (textAt(message, 'text') ?? '') : '').slice(0, 1000),
  };
}
