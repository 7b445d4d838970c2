import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { ROLES, type Role } from '../domain/permissions.js';

export class CreateServiceAccountDto {
  @ApiProperty({
    description: 'Short name; with `@service.invalid` behind it, it stands where people have their e-mail.',
    example: 'nightly-build',
    pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  })
  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, {
    message: 'handle must be 1–63 lower-case letters, digits and dashes, and not begin with a dash',
  })
  handle!: string;

  @ApiProperty({ description: 'Name to show.', example: 'Nightly build' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiProperty({ description: 'Role; its keys can be narrowed further.', enum: ROLES, example: 'member' })
  @IsIn(ROLES)
  role!: Role;
}
