import { Controller, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { RepositoryUploads } from './repository-uploads.service.js';

export class RepositoryUploadDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Goes into `repository.upload` of a new run.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c15',
  })
  upload_id!: string;

  @ApiProperty({ description: 'Name of the file.', example: 'service.zip' })
  name!: string;

  @ApiProperty({
    description: 'The commit that runs start from.',
    example: '3f786850e387550fdab836ed7e6dc881de23001b',
  })
  commit!: string;

  @ApiProperty({ type: 'integer', description: 'Bytes, as stored.', example: 48213 })
  size_bytes!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it came.',
    example: '2026-01-02T03:04:05.678Z',
  })
  created_at!: string;
}

@ApiTags('uploads')
@Controller('uploads')
export class RepositoryUploadsController {
  constructor(private readonly uploads: RepositoryUploads) {}

  @Post()
  @Authenticated('runs:create')
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' } },
    },
  })
  @ApiOperation({
    operationId: 'uploadRepository',
    summary: 'Upload a repository for runs',
    description:
      'A ZIP archive, of which one commit is made (what its `.gitignore` names is left out), or a Git bundle with `HEAD`. It is yours alone, ' +
      'and kept for a week, or as long as a run was created with it.',
  })
  @ApiCreatedResponse({ type: RepositoryUploadDto, description: 'It is stored.' })
  @ApiProblems({
    400: '`archive_not_readable`, `bundle_not_readable`, or the form is wrong (`invalid_request`).',
    413: 'It is too large, packed or unpacked (`archive_too_large`, `artifact_too_large`).',
    415: 'Neither a form nor a plain file.',
  })
  async uploadRepository(
    @CurrentUser() by: Principal,
    @Req() request: Request,
  ): Promise<RepositoryUploadDto> {
    const { id, name, commit, sizeBytes, createdAt } = await this.uploads.receive(by, request);
    return {
      upload_id: id,
      ...{ name, commit, size_bytes: sizeBytes, created_at: createdAt.toISOString() },
    };
  }
}
