import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { notFound } from '../problems/domain-error.js';
import { ApiProfileText } from './api-profile-text.decorator.js';
import { ListProfilesQuery } from './dto/list-profiles.query.js';
import { ProfileDetailDto } from './dto/profile-detail.dto.js';
import { ProfileListDto } from './dto/profile-summary.dto.js';
import { ProfileValidationDto } from './dto/profile-validation.dto.js';
import { ProfileVersionListDto, PublicationDto } from './dto/profile-version.dto.js';
import { profileBody } from './profile-body.js';
import { toDetail, toSummary, toVersion } from './profile.mapper.js';
import { WorkflowService } from './workflow.service.js';

const badQuery = { 400: 'A query value is out of range (`invalid_request`).' };
const unknownProfile = { 404: 'There is no such profile (`not_found`).' };
const profileName = (): MethodDecorator =>
  ApiParam({ name: 'name', description: 'Name of the profile.', example: 'release_check' });

/** What can be run. */
@ApiTags('profiles')
@Controller('profiles')
export class ProfilesController {
  constructor(private readonly workflow: WorkflowService) {}

  /** The newest version of each profile. */
  @Get()
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'listProfiles', summary: 'List the profiles, each in its newest version' })
  @ApiResponse({ status: 200, description: 'A page of profiles by name.', type: ProfileListDto })
  @ApiProblems(badQuery)
  async listProfiles(@Query() { limit, offset }: ListProfilesQuery): Promise<ProfileListDto> {
    const { items, total } = await this.workflow.list(limit, offset);
    return { profiles: items.map(toSummary), total, limit, offset };
  }

  /** Checks a text without publishing it. */
  @Post('validate')
  @HttpCode(200)
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'validateProfile', summary: 'Check a profile without publishing it' })
  @ApiProfileText()
  @ApiResponse({ status: 200, description: 'Whether it is valid, and why not.', type: ProfileValidationDto })
  validateProfile(
    @Headers('content-type') contentType: string | undefined,
    @Body() body: unknown,
  ): ProfileValidationDto {
    const { text, format } = profileBody(contentType, body);
    const errors = this.workflow.validate(text, format);
    return {
      valid: errors.length === 0,
      errors: errors.map(({ line, column, path, message }) => ({ line, column, path, message })),
    };
  }

  /** Publishes a definition as the next version; the same definition again gives the existing version. */
  @Put(':name')
  @Authenticated('profiles:publish')
  @ApiOperation({ operationId: 'publishProfile', summary: 'Publish a version of a profile' })
  @profileName()
  @ApiProfileText()
  @ApiResponse({ status: 201, description: 'A new version was published.', type: PublicationDto })
  @ApiResponse({ status: 200, description: 'The newest version already says so.', type: PublicationDto })
  @ApiProblems({
    400: 'The profile is not valid (`invalid_profile`); `errors` has every place with its line.',
  })
  async publishProfile(
    @Param('name') name: string,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: unknown,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublicationDto> {
    const { text, format } = profileBody(contentType, body);
    const { version, created } = await this.workflow.publish(name, text, format, user);
    response.status(created ? 201 : 200).location(`/profiles/${name}/versions/${String(version)}`);
    return { name, version };
  }

  /** The newest version of a profile. */
  @Get(':name')
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'getProfile', summary: 'Read the newest version of a profile' })
  @profileName()
  @ApiResponse({ status: 200, description: 'The profile.', type: ProfileDetailDto })
  @ApiProblems(unknownProfile)
  async getProfile(@Param('name') name: string): Promise<ProfileDetailDto> {
    return toDetail(await this.workflow.getLatest(name));
  }

  /** The versions of a profile, newest first. */
  @Get(':name/versions')
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'listProfileVersions', summary: 'List the versions of a profile' })
  @profileName()
  @ApiResponse({ status: 200, description: 'A page of versions, newest first.', type: ProfileVersionListDto })
  @ApiProblems({ ...badQuery, ...unknownProfile })
  async listProfileVersions(
    @Param('name') name: string,
    @Query() { limit, offset }: ListProfilesQuery,
  ): Promise<ProfileVersionListDto> {
    const { items, total } = await this.workflow.listVersions(name, limit, offset);
    return { versions: items.map(toVersion), total, limit, offset };
  }

  /** One version of a profile. */
  @Get(':name/versions/:version')
  @Authenticated('profiles:read')
  @ApiOperation({ operationId: 'getProfileVersion', summary: 'Read one version of a profile' })
  @profileName()
  @ApiParam({ name: 'version', description: 'Number of the version.', example: 1, type: 'integer' })
  @ApiResponse({ status: 200, description: 'The version.', type: ProfileDetailDto })
  @ApiProblems({ 404: 'There is no such version (`not_found`).' })
  async getProfileVersion(
    @Param('name') name: string,
    @Param('version') version: string,
  ): Promise<ProfileDetailDto> {
    if (!/^[1-9]\d{0,8}$/.test(version)) throw notFound('Profile version', `${name}@${version}`);
    return toDetail(await this.workflow.getVersion(name, Number(version)));
  }
}
