import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/authenticated.decorator.js';
import type { JsonSchema } from './domain/json-schema.js';
import { PROFILE_SCHEMA } from './schema/profile-schema.js';

/** Schemas for editors and tools; open, since editors fetch them without credentials. */
@ApiTags('profiles')
@Controller('schemas')
export class SchemasController {
  /** The JSON Schema of profiles, format v1. */
  @Get('profile.json')
  @Public()
  @Header('Content-Type', 'application/schema+json')
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({ operationId: 'getProfileSchema', summary: 'Read the JSON Schema of profiles' })
  @ApiResponse({
    status: 200,
    description: 'JSON Schema, draft 2020-12.',
    content: { 'application/schema+json': { schema: { type: 'object', additionalProperties: true } } },
  })
  getProfileSchema(): JsonSchema {
    return PROFILE_SCHEMA;
  }
}
