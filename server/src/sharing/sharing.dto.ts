import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength, ValidateIf } from 'class-validator';
import { SHARE_ROLES, type ShareRole } from '../runs/domain/run-uses.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';
const MOST = 20_000;

export class PersonDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the person.', example: ID })
  user_id!: string;

  @ApiProperty({ description: 'Name.', example: 'Ada' })
  name!: string;

  @ApiProperty({ description: 'E-mail address.', example: 'ada@example.org' })
  email!: string;
}

export class PeopleQuery {
  @ApiProperty({ description: 'Beginning of a name or e-mail address.', example: 'ad' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  q!: string;
}

export class PeopleDto {
  @ApiProperty({ type: [PersonDto], description: 'At most ten, by name.' })
  people!: PersonDto[];
}

export class PutShareDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'E-mail address of the person; null: everybody who can sign in.',
    example: 'ada@example.org',
  })
  @ValidateIf((_, value: unknown) => value !== null)
  @IsString()
  @IsNotEmpty()
  @MaxLength(320)
  email!: string | null;

  @ApiProperty({
    enum: SHARE_ROLES,
    enumName: 'ShareRole',
    description: 'To look at, comment and decide on, or to operate as well.',
    example: 'viewer',
  })
  @IsIn(SHARE_ROLES)
  role!: ShareRole;
}

export class ShareDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  share_id!: string;

  @ApiProperty({ type: PersonDto, nullable: true, description: 'With whom; null: with everybody.' })
  person!: PersonDto | null;

  @ApiProperty({ enum: SHARE_ROLES, enumName: 'ShareRole', description: 'What for.', example: 'viewer' })
  role!: ShareRole;

  @ApiProperty({ format: 'date-time', description: 'Since when.', example: TIME })
  created_at!: string;
}

export class SharesDto {
  @ApiProperty({ type: [ShareDto], description: 'By name, everybody first.' })
  shares!: ShareDto[];
}

export class EditCommentDto {
  @ApiProperty({
    maxLength: MOST,
    description: 'Markdown; `@` and an e-mail address mentions a person.',
    example: 'Looks good to me. @ada@example.org, do you agree?',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(MOST)
  body!: string;
}

export class CreateCommentDto extends EditCommentDto {
  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The artifact it is about.',
    example: null,
  })
  @IsOptional()
  @IsUUID()
  artifact_id?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The comment it answers.',
    example: null,
  })
  @IsOptional()
  @IsUUID()
  parent_id?: string | null;
}

export class CommentDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  comment_id!: string;

  @ApiProperty({ format: 'uuid', description: 'The run.', example: ID })
  run_id!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The artifact.', example: null })
  artifact_id!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'What it answers.',
    example: null,
  })
  parent_id!: string | null;

  @ApiProperty({ type: PersonDto, description: 'Who wrote it.' })
  author!: PersonDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Markdown, not sanitised; null once it was deleted.',
    example: 'Looks good to me.',
  })
  body!: string | null;

  @ApiProperty({ type: [PersonDto], description: 'Who is mentioned and sees the run.' })
  mentions!: PersonDto[];

  @ApiProperty({ format: 'date-time', description: 'When.', example: TIME })
  created_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Last edit.',
    example: null,
  })
  edited_at!: string | null;
}

export class CommentsDto {
  @ApiProperty({
    type: [CommentDto],
    description: 'Oldest first, the newest 1000 at most; mentions newest first.',
  })
  comments!: CommentDto[];
}
