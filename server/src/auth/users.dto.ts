import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './domain/password-rules.js';
import { ROLES, type Role } from './domain/permissions.js';
import { USER_KINDS, type UserKind } from './domain/user-kind.js';
import type { UserEntity } from './user.entity.js';

const PASSWORD = {
  example: 'correct horse battery staple',
  format: 'password',
  minLength: PASSWORD_MIN_LENGTH,
  maxLength: PASSWORD_MAX_LENGTH,
};

/** Absent is allowed, null is not. */
const IfGiven = (): PropertyDecorator => ValidateIf((_object, value: unknown) => value !== undefined);

export class CreateUserDto {
  @ApiProperty({
    description: 'E-mail; one account each, case does not matter.',
    example: 'grace@example.org',
  })
  @IsEmail()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ description: 'Name to show.', example: 'Grace Hopper' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiProperty({ description: 'Role.', enum: ROLES, example: 'member' })
  @IsIn(ROLES)
  role!: Role;

  @ApiPropertyOptional({
    description: 'First password; absent or null for somebody who comes through trusted headers only.',
    type: String,
    nullable: true,
    ...PASSWORD,
  })
  @ValidateIf((_object, value: unknown) => value !== undefined && value !== null)
  @IsString()
  @MaxLength(1024)
  password?: string | null;
}

export class UpdateUserDto {
  @ApiPropertyOptional({ description: 'New name.', example: 'Grace B. Hopper' })
  @IfGiven()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ description: 'New role.', enum: ROLES, example: 'viewer' })
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ description: 'true keeps the user out and ends all sign-ins.', example: false })
  @IfGiven()
  @IsBoolean()
  disabled?: boolean;

  @ApiPropertyOptional({ description: 'New password; ends all sign-ins of the user.', ...PASSWORD })
  @IfGiven()
  @IsString()
  @MaxLength(1024)
  password?: string;
}

export class UsersQueryDto {
  @ApiPropertyOptional({
    description: 'Users in one answer, 1–200.',
    example: 50,
    default: 50,
    minimum: 1,
    maximum: 200,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({
    description: 'Users to leave out.',
    example: 0,
    default: 0,
    minimum: 0,
    maximum: 10_000,
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10_000)
  offset: number = 0;
}

export class UserDto {
  @ApiProperty({ description: 'Id of the user.', example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11' })
  user_id!: string;

  @ApiProperty({
    description: 'E-mail; of a service account its handle with `@service.invalid`.',
    example: 'grace@example.org',
  })
  email!: string;

  @ApiProperty({ description: 'Name to show.', example: 'Grace Hopper' })
  name!: string;

  @ApiProperty({ description: 'Role.', enum: ROLES, example: 'member' })
  role!: Role;

  @ApiProperty({ description: 'A person, or a program.', enum: USER_KINDS, example: 'person' })
  kind!: UserKind;

  @ApiProperty({ description: 'Whether a password is set.', example: true })
  has_password!: boolean;

  @ApiProperty({ description: 'Whether a code is needed beside the password.', example: false })
  has_totp!: boolean;

  @ApiProperty({
    description: 'Since when the user is kept out.',
    type: String,
    nullable: true,
    example: '2026-11-22T13:30:00.000Z',
  })
  disabled_at!: string | null;

  @ApiProperty({ description: 'When the account was made.', example: '2026-11-22T13:30:00.000Z' })
  created_at!: string;

  static of(user: UserEntity, hasTotp: boolean): UserDto {
    return {
      user_id: user.id,
      email: user.email,
      name: user.name,
      role: user.role,
      kind: user.kind,
      has_password: user.passwordHash !== null,
      has_totp: hasTotp,
      disabled_at: user.disabledAt?.toISOString() ?? null,
      created_at: user.createdAt.toISOString(),
    };
  }
}

export class UsersDto {
  @ApiProperty({ description: 'The users, oldest first.', type: [UserDto] })
  users!: UserDto[];

  @ApiProperty({ description: 'How many there are in all.', example: 1 })
  total!: number;

  @ApiProperty({ description: 'The limit used.', example: 50 })
  limit!: number;

  @ApiProperty({ description: 'The offset used.', example: 0 })
  offset!: number;
}
