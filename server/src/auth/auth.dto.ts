import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './domain/password-rules.js';
import { PERMISSIONS, ROLES, type Permission, type Role } from './domain/permissions.js';
import { effectivePermissions, VIAS, type Principal, type Via } from './domain/principal.js';
import type { SessionEntity } from './session.entity.js';

const EXAMPLE_PASSWORD = 'correct horse battery staple';
/** Of any text that is only compared: bounds the work. */
const ANY_PASSWORD_MAX = 1024;

export class LoginDto {
  @ApiProperty({ description: 'E-mail of the account; case does not matter.', example: 'ada@example.org' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ description: 'Password of the account.', example: EXAMPLE_PASSWORD, format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(ANY_PASSWORD_MAX)
  password!: string;
}

export class SetupDto {
  @ApiProperty({
    description: 'The one-time token that the server printed on its terminal.',
    example: 'q3Jx0c5W6m2VbT9yLk1Zs8Da',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  token!: string;

  @ApiProperty({ description: 'E-mail of the first administrator.', example: 'ada@example.org' })
  @IsEmail()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ description: 'Name to show.', example: 'Ada Lovelace' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiProperty({
    description: `New password, at least ${PASSWORD_MIN_LENGTH} characters.`,
    example: EXAMPLE_PASSWORD,
    format: 'password',
    minLength: PASSWORD_MIN_LENGTH,
    maxLength: PASSWORD_MAX_LENGTH,
  })
  @IsString()
  @MaxLength(ANY_PASSWORD_MAX)
  password!: string;
}

export class ChangePasswordDto {
  @ApiProperty({ description: 'The password so far.', example: EXAMPLE_PASSWORD, format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(ANY_PASSWORD_MAX)
  current_password!: string;

  @ApiProperty({
    description: `The new password, at least ${PASSWORD_MIN_LENGTH} characters.`,
    example: 'a longer and a better one',
    format: 'password',
    minLength: PASSWORD_MIN_LENGTH,
    maxLength: PASSWORD_MAX_LENGTH,
  })
  @IsString()
  @MaxLength(ANY_PASSWORD_MAX)
  new_password!: string;
}

export class TokenDto {
  @ApiProperty({
    description: 'Signed token for `Authorization: Bearer`.',
    example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  })
  access_token!: string;

  @ApiProperty({ description: 'Kind of token.', enum: ['Bearer'], example: 'Bearer' })
  token_type!: 'Bearer';

  @ApiProperty({ description: 'Seconds until the token ends.', example: 900 })
  expires_in!: number;
}

export class AuthStatusDto {
  @ApiProperty({ description: 'Whether the first administrator is still to be made.', example: false })
  setup_required!: boolean;
}

export class MeDto {
  @ApiProperty({ description: 'Id of the user.', example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11' })
  user_id!: string;

  @ApiProperty({ description: 'E-mail of the user.', example: 'ada@example.org' })
  email!: string;

  @ApiProperty({ description: 'Name to show.', example: 'Ada Lovelace' })
  name!: string;

  @ApiProperty({ description: 'Role of the user.', enum: ROLES, example: 'member' })
  role!: Role;

  @ApiProperty({
    description: 'By which proof this request was known.',
    enum: VIAS,
    example: 'session',
  })
  via!: Via;

  @ApiProperty({
    description: 'Everything this credential may do.',
    enum: PERMISSIONS,
    isArray: true,
    example: ['runs:read', 'profiles:read', 'api_keys:own'],
  })
  permissions!: Permission[];

  @ApiProperty({
    description:
      'Whether a second factor is demanded of the account and not set up; until it is, nothing else is permitted.',
    example: false,
  })
  owes_second_factor!: boolean;

  static of(principal: Principal): MeDto {
    const { userId, email, name, role, via, owesSecondFactor } = principal;
    return {
      ...{ user_id: userId, email, name, role, via, permissions: effectivePermissions(principal) },
      owes_second_factor: owesSecondFactor,
    };
  }
}

export class SessionDto {
  @ApiProperty({ description: 'Id of the sign-in.', example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c12' })
  session_id!: string;

  @ApiProperty({ description: 'Whether it is the one of this request.', example: true })
  current!: boolean;

  @ApiProperty({ description: 'When it began.', example: '2026-11-22T13:30:00.000Z' })
  created_at!: string;

  @ApiProperty({ description: 'When it was last refreshed.', example: '2026-11-22T14:30:00.000Z' })
  last_refreshed_at!: string;

  @ApiProperty({ description: 'When it ends if it is not refreshed.', example: '2026-12-06T14:30:00.000Z' })
  expires_at!: string;

  @ApiProperty({ description: 'Browser or program.', type: String, nullable: true, example: 'Mozilla/5.0' })
  user_agent!: string | null;

  @ApiProperty({ description: 'Address it began from.', type: String, nullable: true, example: '192.0.2.7' })
  address!: string | null;

  static of(session: SessionEntity, currentId: string | null): SessionDto {
    return {
      session_id: session.id,
      current: session.id === currentId,
      created_at: session.createdAt.toISOString(),
      last_refreshed_at: session.rotatedAt.toISOString(),
      expires_at: session.expiresAt.toISOString(),
      user_agent: session.userAgent,
      address: session.address,
    };
  }
}

export class SessionsDto {
  @ApiProperty({ description: 'The live sign-ins, newest first.', type: [SessionDto] })
  sessions!: SessionDto[];
}
