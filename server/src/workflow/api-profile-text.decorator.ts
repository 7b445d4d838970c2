import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from '../problems/problem.dto.js';
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
    ApiResponse({ status: 413, description: 'The profile is too large (`too_large`).', type: ProblemDto }),
    ApiResponse({
      status: 415,
      description: 'The body is neither YAML nor JSON (`unsupported_media_type`).',
      type: ProblemDto,
    }),
  );
