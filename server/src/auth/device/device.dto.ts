import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import type { DeviceLoginEntity } from './device-login.entity.js';
import { showUserCode } from './domain/user-code.js';

export class StartDeviceLoginDto {
  @ApiProperty({
    description: 'What the program calls itself; shown to the person who decides.',
    example: 'orchestrator command on laptop',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  client_name!: string;
}

export class DeviceLoginDto {
  @ApiProperty({ description: 'For the program: asks for the outcome.', example: 'GmRhmhcxhwAzkoEqiMEg' })
  device_code!: string;

  @ApiProperty({ description: 'For the person: to be entered in the console.', example: 'WDJB-MJHT' })
  user_code!: string;

  @ApiProperty({
    description: 'Where the person enters it.',
    example: 'https://orchestrator.example.org/orchestrator/device',
  })
  verification_uri!: string;

  @ApiProperty({
    description: 'The same, with the code filled in.',
    example: 'https://orchestrator.example.org/orchestrator/device?code=WDJB-MJHT',
  })
  verification_uri_complete!: string;

  @ApiProperty({ description: 'Seconds until it is over.', example: 600 })
  expires_in!: number;

  @ApiProperty({ description: 'Seconds between two questions at least.', example: 5 })
  interval!: number;
}

export class DeviceTokenDto {
  @ApiProperty({ description: 'What `POST /auth/device` gave.', example: 'GmRhmhcxhwAzkoEqiMEg' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  device_code!: string;
}

export class WaitingDeviceDto {
  @ApiProperty({ description: 'The code.', example: 'WDJB-MJHT' })
  user_code!: string;

  @ApiProperty({ description: 'What the program calls itself.', example: 'orchestrator command on laptop' })
  client_name!: string;

  @ApiProperty({ description: 'Address it asks from.', type: String, nullable: true, example: '192.0.2.7' })
  address!: string | null;

  @ApiProperty({ description: 'When it asked.', format: 'date-time', example: '2026-01-02T03:04:05.678Z' })
  created_at!: string;

  @ApiProperty({ description: 'Until when.', format: 'date-time', example: '2026-01-02T03:14:05.678Z' })
  expires_at!: string;

  static of(login: DeviceLoginEntity): WaitingDeviceDto {
    return {
      ...{ user_code: showUserCode(login.userCode), client_name: login.clientName, address: login.address },
      ...{ created_at: login.createdAt.toISOString(), expires_at: login.expiresAt.toISOString() },
    };
  }
}

export class DecideDeviceDto {
  @ApiProperty({ description: 'true lets the program act as you; false refuses it.', example: true })
  @IsBoolean()
  approve!: boolean;
}
