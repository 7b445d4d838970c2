import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { YAML_TYPES } from './profile-body.js';

const EXAMPLE = `apiVersion: orchestrator/v1
name: hello
title: Hello
phases:
  - name: greet
    steps:
      - id: greet
        command: echo hello > "$ORCHESTRATOR_ARTIFACTS/hello.txt"
`;

/** Describes a body that is the text of a profile, as YAML or JSON. */
export const ApiProfileText = (): MethodDecorator =>
  applyDecorators(
    ApiConsumes(...YAML_TYPES, 'application/json'),
    ApiBody({
      description: 'The profile, format v1 (`/schemas/profile.json`); at most 512 KiB.',
      required: true,
      schema: { oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }] },
      examples: { yaml: { summary: 'As YAML', value: EXAMPLE } },
    }),
    ApiProblems({
      413: 'The profile is too large (`too_large`).',
      415: 'The body is neither YAML nor JSON (`unsupported_media_type`).',
    }),
  );
