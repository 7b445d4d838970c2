import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsTextMap } from './text-map.decorator.js';
import { OPENAI_APIS, PROVIDER_KINDS, type OpenAiApi, type ProviderKind } from './domain/provider-kind.js';

export const PROVIDER_SCOPES = ['own', 'everyone'] as const;
export type ProviderScope = (typeof PROVIDER_SCOPES)[number];
const MODEL = /^[^\s:][^\s]{0,199}$/u;
const MODEL_RULE = 'a model has no spaces and at most 200 characters';

export class CreateProviderDto {
  @ApiProperty({ enum: PROVIDER_KINDS, enumName: 'ProviderKind', description: 'The protocol it speaks.' })
  @IsIn(PROVIDER_KINDS)
  kind!: ProviderKind;

  @ApiProperty({
    pattern: '^[a-z0-9][a-z0-9_-]{0,62}$',
    description: 'Its name, unique among those of its owner; steps may ask for `name:model`.',
    example: 'anthropic',
  })
  @Matches(/^[a-z0-9][a-z0-9_-]{0,62}$/u, {
    message: 'name has small letters, digits, underscores and hyphens, at most 63',
  })
  name!: string;

  @ApiPropertyOptional({
    enum: PROVIDER_SCOPES,
    enumName: 'ProviderScope',
    default: 'own',
    description: 'Whose runs it serves. `everyone` needs the permission `providers:manage`.',
  })
  @IsOptional()
  @IsIn(PROVIDER_SCOPES)
  scope?: ProviderScope;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    writeOnly: true,
    maxLength: 4096,
    description:
      'The key. It is encrypted and never shown again. Amazon Bedrock: an API key, or `access key id:secret access key`.',
    example: 'example-key',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(4096)
  key?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2000,
    description: "Where it is called, with or without `/v1`; the vendor's own address where absent.",
    example: 'http://127.0.0.1:11434/v1',
  })
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true })
  @MaxLength(2000)
  base_url?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Region of Amazon Bedrock.',
    example: 'eu-central-1',
  })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,40}$/u, { message: 'region is a name such as eu-central-1' })
  region?: string | null;

  @ApiPropertyOptional({
    enum: OPENAI_APIS,
    enumName: 'OpenAiApi',
    type: String,
    nullable: true,
    description:
      'Of kind `openai`: which API it is called over. Where absent, `responses` at the address of OpenAI and `chat` elsewhere.',
    example: 'responses',
  })
  @IsOptional()
  @IsIn(OPENAI_APIS)
  api?: OpenAiApi | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'For steps that name no model. Without one it serves only steps that name its models.',
    example: 'claude-sonnet-4-5',
  })
  @IsOptional()
  @Matches(MODEL, { message: MODEL_RULE })
  default_model?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Instead of the default model, by label of the step’s agent.',
    example: { architect: 'claude-opus-4-5' },
  })
  @IsOptional()
  @IsTextMap(100, MODEL, `agent_models maps labels of agents to models; ${MODEL_RULE}`)
  agent_models?: Record<string, string>;

  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: -1000,
    maximum: 1000,
    description: 'Lower ones are asked first; the next one where a provider cannot answer.',
    example: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(-1000)
  @Max(1000)
  priority?: number;

  @ApiPropertyOptional({ default: true, description: 'Whether it is used.', example: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

/** What is to change; a new `base_url` needs the key again. */
export class UpdateProviderDto extends PartialType(
  OmitType(CreateProviderDto, ['kind', 'name', 'scope'] as const),
) {}

export class TestProviderDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The model to call; the default model where absent.',
    example: 'claude-haiku-4-5',
  })
  @IsOptional()
  @Matches(MODEL, { message: MODEL_RULE })
  model?: string | null;
}
