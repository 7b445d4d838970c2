import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { ChangePasswordDto } from './auth.dto.js';

export class ResetLinkDto {
  @ApiProperty({
    description: 'Where the person sets the password.',
    example: 'https://orchestrator.example.org/orchestrator/reset#example-token',
  })
  reset_url!: string;

  @ApiProperty({ format: 'date-time', description: 'Until when.', example: '2026-01-03T03:04:05.678Z' })
  expires_at!: string;
}

export class ResetPasswordDto extends PickType(ChangePasswordDto, ['new_password'] as const) {
  @ApiProperty({ description: 'What stands behind the # of the link.', example: 'example-token' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  token!: string;
}
