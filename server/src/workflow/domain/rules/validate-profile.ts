import type { ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { approvalProblems } from './approvals.js';
import { conditionProblems } from './conditions.js';
import { environmentProblems } from './environment.js';
import { durationProblems } from './durations.js';
import { graphProblems } from './graph.js';
import { patternProblems } from './patterns.js';
import { pathProblems } from './paths.js';
import { schemaProblems } from './schemas.js';
import { templateProblems } from './templates.js';
import { uniqueNameProblems } from './unique-names.js';

type Rule = (source: ProfileSource) => ProfileProblem[];

const RULES: readonly Rule[] = [
  uniqueNameProblems,
  graphProblems,
  conditionProblems,
  templateProblems,
  pathProblems,
  durationProblems,
  environmentProblems,
  schemaProblems,
  patternProblems,
  approvalProblems,
];

/** Everything that the JSON Schema cannot say: the problems of a profile that the schema has accepted. */
export const validateProfile: Rule = (source) => RULES.flatMap((rule) => rule(source));
