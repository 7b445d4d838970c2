import { ApiProperty, PickType } from '@nestjs/swagger';
import { ProfileDetailDto } from './profile-detail.dto.js';

export class ProfileVersionDto extends PickType(ProfileDetailDto, [
  'name',
  'version',
  'digest',
  'origin',
  'published_by',
  'published_at',
] as const) {}

export class ProfileVersionListDto {
  @ApiProperty({ description: 'The versions, newest first.', type: [ProfileVersionDto] })
  versions!: ProfileVersionDto[];

  @ApiProperty({ description: 'How many versions there are.', example: 3, type: 'integer' })
  total!: number;

  @ApiProperty({ description: 'Most entries of the page.', example: 50, type: 'integer' })
  limit!: number;

  @ApiProperty({ description: 'Entries before the page.', example: 0, type: 'integer' })
  offset!: number;
}

export class PublicationDto {
  @ApiProperty({ description: 'Name of the profile.', example: 'release_check' })
  name!: string;

  @ApiProperty({
    description: 'Number of the version that has this definition.',
    example: 1,
    type: 'integer',
  })
  version!: number;
}
