import { ApiProperty } from '@nestjs/swagger';

export class HealthDto {
  @ApiProperty({
    description: 'Always `ok`; a process that is not answers 503 with a problem.',
    example: 'ok',
  })
  status!: string;
}
