import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const PROBLEM = 'application/problem+json';

/** A problem has one media type on every route, whatever else the route produces. */
export function describeProblems(document: OpenAPIObject): OpenAPIObject {
  const reference = getSchemaPath(ProblemDto);
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.put, path.post, path.delete, path.patch]) {
      for (const response of Object.values(operation?.responses ?? {})) {
        if (response === undefined || '$ref' in response) continue;
        const problem = Object.values(response.content ?? {}).find(
          ({ schema }) => schema !== undefined && '$ref' in schema && schema.$ref === reference,
        );
        if (problem !== undefined) response.content = { [PROBLEM]: problem };
      }
    }
  }
  return document;
}
