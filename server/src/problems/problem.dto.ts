import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FieldErrorDto {
  @ApiProperty({
    description: 'JSON pointer into the body, or the name of a query parameter behind `?`.',
    example: '/profile',
  })
  pointer!: string;

  @ApiProperty({ description: 'What is wrong there.', example: 'profile must be a string' })
  message!: string;
}

export class ProblemDto {
  @ApiProperty({
    description: 'Reference that names the kind of problem.',
    example: '/problems/invalid_request',
  })
  type!: string;

  @ApiProperty({ description: 'Name of the HTTP status.', example: 'Bad Request' })
  title!: string;

  @ApiProperty({ description: 'HTTP status.', example: 400 })
  status!: number;

  @ApiProperty({
    description: 'What is wrong and what to do, for a person.',
    example: 'The request is not valid: /profile: profile must be a string.',
  })
  detail!: string;

  @ApiProperty({ description: 'The path that was asked for.', example: '/runs' })
  instance!: string;

  @ApiProperty({ description: 'Stable code of the problem, for programs.', example: 'invalid_request' })
  code!: string;

  @ApiPropertyOptional({ description: 'Where the input is wrong.', type: [FieldErrorDto] })
  errors?: FieldErrorDto[];

  @ApiPropertyOptional({
    description: 'The gates that block (`governance_blocked`).',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  gates?: unknown[];

  @ApiPropertyOptional({
    description: 'Why the phase failed (`phase_failed`).',
    type: 'object',
    additionalProperties: true,
  })
  failure?: unknown;

  @ApiPropertyOptional({
    description: 'For `POST /auth/login/totp`, good for five minutes (`totp_required`).',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11.1767322000000.c2ln',
  })
  totp_ticket?: string;

  @ApiPropertyOptional({
    description: 'Finds the error in the log (`internal_error`).',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
  })
  error_id?: string;
}
