import { describe, expect, it } from '@jest/globals';
import { ARTIFACT_TYPES, EVIDENCE_FORMATS } from '../domain/profile.js';
import { PROFILE_SCHEMA } from './profile-schema.js';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const definitions = PROFILE_SCHEMA['$defs'] as Record<string, Node>;

/** Every property anywhere in the schema, by its path. */
function properties(node: unknown, path = ''): [string, Node][] {
  if (Array.isArray(node))
    return node.flatMap((child, index) => properties(child, `${path}/${String(index)}`));
  if (!isNode(node)) return [];
  return Object.entries(node).flatMap(([key, child]) => {
    const deeper = properties(child, `${path}/${key}`);
    if (key !== 'properties' || !isNode(child)) return deeper;
    return [
      ...Object.entries(child).map(([name, value]): [string, Node] => [`${path}/${name}`, value as Node]),
      ...deeper,
    ];
  });
}

describe('the published schema', () => {
  it('describes every property, so that editors can', () => {
    const undescribed = properties(PROFILE_SCHEMA).filter(([, node]) => {
      const target =
        typeof node['$ref'] === 'string' ? definitions[node['$ref'].replace('#/$defs/', '')] : node;
      return typeof target?.['description'] !== 'string';
    });
    expect(undescribed.map(([path]) => path)).toEqual([]);
    expect(properties(PROFILE_SCHEMA).length).toBeGreaterThan(60);
  });

  it('knows the artifact types and evidence formats that the code knows', () => {
    expect(definitions['artifactType']?.['enum']).toEqual(ARTIFACT_TYPES);
    expect(Object.keys(definitions['evidence']?.['properties'] ?? {})).toEqual([...EVIDENCE_FORMATS]);
  });
});
