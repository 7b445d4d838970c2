import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class TotpPasswordDto {
  @ApiProperty({
    description: 'Your password.',
    example: 'correct horse battery staple',
    format: 'password',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  current_password!: string;
}

export class TotpCodeDto {
  @ApiProperty({ description: 'The six digits that the authenticator shows.', example: '492039' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(50)
  code!: string;
}

export class TotpLoginDto {
  @ApiProperty({
    description: '`totp_ticket` of the answer to the password.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11.1767322000000.c2ln',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  ticket!: string;

  @ApiProperty({
    description: 'The six digits that the authenticator shows, or a recovery code.',
    example: '492039',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(50)
  code!: string;
}

export class TotpStateDto {
  @ApiProperty({ description: 'Whether signing in by password takes a code as well.', example: true })
  enabled!: boolean;

  @ApiProperty({
    description: 'Since when.',
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-01-02T03:04:05.678Z',
  })
  enabled_at!: string | null;

  @ApiProperty({ description: 'Recovery codes that are left.', example: 10 })
  recovery_codes_left!: number;
}

export class TotpEnrolmentDto {
  @ApiProperty({
    description: 'For authenticators that cannot read the picture.',
    example: 'JBSWY3DPEHPK3PXP',
  })
  secret!: string;

  @ApiProperty({
    description: 'What the picture says.',
    example: 'otpauth://totp/Orchestrator:ada%40example.org?issuer=Orchestrator&secret=JBSWY3DPEHPK3PXP',
  })
  otpauth_url!: string;

  @ApiProperty({
    description: 'The picture to read, as SVG.',
    example: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  })
  qr_svg!: string;
}

export class RecoveryCodesDto {
  @ApiProperty({
    description: 'Each signs in once without the authenticator. Not shown again.',
    type: [String],
    example: ['k7m2p-x9q4w'],
  })
  recovery_codes!: string[];
}
