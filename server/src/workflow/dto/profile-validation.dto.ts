import { ApiProperty } from '@nestjs/swagger';

export class ProfileErrorDto {
  @ApiProperty({ description: 'Line in the text, from 1.', example: 12, type: 'integer' })
  line!: number;

  @ApiProperty({ description: 'Column in the line, from 1.', example: 9, type: 'integer' })
  column!: number;

  @ApiProperty({
    description: 'JSON pointer into the profile; empty for the whole.',
    example: '/phases/0/steps/1/needs',
  })
  path!: string;

  @ApiProperty({ description: 'What is wrong.', example: 'Steps need one another in a circle: a → b → a.' })
  message!: string;
}

export class ProfileValidationDto {
  @ApiProperty({ description: 'Whether the profile could be published.', example: false })
  valid!: boolean;

  @ApiProperty({
    description: 'What is wrong, in the order of the text; empty where it is valid.',
    type: [ProfileErrorDto],
  })
  errors!: ProfileErrorDto[];
}
