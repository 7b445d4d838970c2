import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class OidcProviderDto {
  @ApiProperty({ description: 'Whether people can sign in at an identity provider.', example: true })
  enabled!: boolean;

  @ApiProperty({
    description: 'Host name of the identity provider.',
    type: String,
    nullable: true,
    example: 'id.example.org',
  })
  name!: string | null;
}

export class OidcLoginQueryDto {
  @ApiPropertyOptional({
    description: 'Path of the console to open afterwards; anything else opens its start page.',
    example: '/orchestrator/runs',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  return_to?: string;
}

export class SignOutDto {
  @ApiProperty({
    description:
      'Where the browser signs out at the identity provider too; null where there is nothing to end.',
    type: String,
    nullable: true,
    example: 'https://id.example.org/session/end?id_token_hint=e30.e30.c2ln',
  })
  provider_url!: string | null;
}
