import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { PutTemplateDto, TemplateDto, TemplatesDto } from './templates.dto.js';
import { TemplatesService } from './templates.service.js';

const NAME = { name: 'name', description: 'Name of the template.', example: 'weekly_hardening' };
const UNKNOWN = 'There is no such template (`not_found`).';
const FOREIGN = 'The template was made by somebody else, or the permission is missing (`forbidden`).';

@ApiTags('templates')
@Controller('templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'listTemplates', summary: 'The templates for runs' })
  @ApiOkResponse({ type: TemplatesDto, description: 'All of them.' })
  async listTemplates(): Promise<TemplatesDto> {
    return { templates: (await this.templates.list()).map((template) => TemplateDto.of(template)) };
  }

  @Get(':name')
  @Authenticated('profiles:read')
  @ApiParam(NAME)
  @ApiOperation({ operationId: 'getTemplate', summary: 'A template' })
  @ApiOkResponse({ type: TemplateDto, description: 'The template.' })
  @ApiProblems({ 404: UNKNOWN })
  async getTemplate(@Param('name') name: string): Promise<TemplateDto> {
    return TemplateDto.of(await this.templates.get(name));
  }

  @Put(':name')
  @Authenticated('templates:manage')
  @ApiParam(NAME)
  @ApiOperation({
    operationId: 'putTemplate',
    summary: 'Make or change a template',
    description: 'Everybody sees it; who made it and administrators may change it.',
  })
  @ApiOkResponse({ type: TemplateDto, description: 'It was changed.' })
  @ApiCreatedResponse({ type: TemplateDto, description: 'It was made.' })
  @ApiProblems({ 400: 'The name, the body or the profile is wrong (`invalid_request`).', 403: FOREIGN })
  async putTemplate(
    @Param('name') name: string,
    @Body() body: PutTemplateDto,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TemplateDto> {
    const { kind, template } = await this.templates.put(name, body, by);
    response.status(kind === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    return TemplateDto.of(template);
  }

  @Delete(':name')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('templates:manage')
  @ApiParam(NAME)
  @ApiOperation({
    operationId: 'deleteTemplate',
    summary: 'Remove a template',
    description: 'Runs keep what it gave them.',
  })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 403: FOREIGN, 404: UNKNOWN })
  async deleteTemplate(@Param('name') name: string, @CurrentUser() by: Principal): Promise<void> {
    await this.templates.remove(name, by);
  }
}
