import { ApiProperty } from '@nestjs/swagger';
import {
  OPENAI_APIS,
  openAiApi,
  PROVIDER_KINDS,
  type OpenAiApi,
  type ProviderKind,
} from './domain/provider-kind.js';
import { isFromEnvironment, type Provider } from './provider.js';
import { PROVIDER_SCOPES, type ProviderScope } from './providers.dto.js';

export const PROVIDER_SOURCES = ['stored', 'environment'] as const;

/** What is known of a provider; never its key. */
export class ProviderDto {
  @ApiProperty({ description: 'Its id.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  provider_id!: string;

  @ApiProperty({ enum: PROVIDER_KINDS, enumName: 'ProviderKind', description: 'The protocol it speaks.' })
  kind!: ProviderKind;

  @ApiProperty({ description: 'Its name.', example: 'anthropic' })
  name!: string;

  @ApiProperty({
    enum: PROVIDER_SCOPES,
    enumName: 'ProviderScope',
    description: 'Whose runs it serves: the runs of who made it, or everybody’s.',
  })
  scope!: ProviderScope;

  @ApiProperty({
    enum: PROVIDER_SOURCES,
    enumName: 'ProviderSource',
    description: 'Where it comes from. One from the environment cannot be changed here.',
  })
  source!: (typeof PROVIDER_SOURCES)[number];

  @ApiProperty({ type: String, nullable: true, description: 'Where it is called.', example: null })
  base_url!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Region of Amazon Bedrock.', example: null })
  region!: string | null;

  @ApiProperty({
    enum: OPENAI_APIS,
    enumName: 'OpenAiApi',
    type: String,
    nullable: true,
    description: 'The API of OpenAI that it is called over; null for other kinds.',
    example: null,
  })
  api!: OpenAiApi | null;

  @ApiProperty({ description: 'Whether a key is stored.', example: true })
  has_key!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For steps that name no model.',
    example: 'claude-sonnet-4-5',
  })
  default_model!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Instead of it, by label of the agent.',
    example: {},
  })
  agent_models!: Record<string, string>;

  @ApiProperty({ type: 'integer', description: 'Lower ones are asked first.', example: 0 })
  priority!: number;

  @ApiProperty({ description: 'Whether it is used.', example: true })
  enabled!: boolean;

  static of(provider: Provider): ProviderDto {
    return {
      provider_id: provider.id,
      kind: provider.kind,
      name: provider.name,
      scope: provider.ownerId === null ? 'everyone' : 'own',
      source: isFromEnvironment(provider.id) ? 'environment' : 'stored',
      base_url: provider.baseUrl,
      region: provider.region,
      api: provider.kind === 'openai' ? openAiApi(provider.api, provider.baseUrl) : null,
      has_key: provider.key.kind !== 'none',
      default_model: provider.defaultModel,
      agent_models: { ...provider.agentModels },
      priority: provider.priority,
      enabled: provider.enabled,
    };
  }
}

export class ProvidersDto {
  @ApiProperty({ type: [ProviderDto], description: 'By priority and name, those of the environment last.' })
  providers!: ProviderDto[];
}

/** What a real call gave. */
export class ProviderTestDto {
  @ApiProperty({ description: 'Whether the model answered.', example: true })
  ok!: boolean;

  @ApiProperty({ description: 'The model that was called.', example: 'claude-sonnet-4-5' })
  model!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds until the end of the answer.', example: 812 })
  duration_ms!: number;

  @ApiProperty({ description: 'What happened, as a sentence.', example: 'The model answered.' })
  message!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status of a refusal; null where it was none.',
    example: null,
  })
  status!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Tokens of the request.', example: 12 })
  input_tokens!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Tokens of the answer.', example: 4 })
  output_tokens!: number | null;
}
