import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

const asBoolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

export class ListArtifactsQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Older versions too.', example: false })
  @IsOptional()
  @Transform(asBoolean)
  @IsBoolean()
  all_versions = false;
}

export class ArtifactContentQuery {
  @ApiPropertyOptional({
    enum: ['attachment', 'inline'],
    default: 'attachment',
    description: '`inline` lets a browser show it, without scripts and without access to this site.',
    example: 'attachment',
  })
  @IsOptional()
  @IsIn(['attachment', 'inline'])
  disposition: 'attachment' | 'inline' = 'attachment';
}

export class ArtifactsZipQuery {
  @ApiPropertyOptional({ description: 'Only the artifacts of this phase.', example: 'planning' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  phase?: string;
}
