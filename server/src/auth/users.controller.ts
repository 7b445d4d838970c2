import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from './api-problems.decorator.js';
import { Authenticated } from './authenticated.decorator.js';
import { CreateUserDto, UpdateUserDto, UserDto, UsersDto, UsersQueryDto } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** All users, oldest first. */
  @Get()
  @Authenticated('users:manage')
  @ApiOperation({ operationId: 'listUsers', summary: 'Lists the users' })
  @ApiOkResponse({ type: UsersDto })
  @ApiProblems({ 400: 'A query value is out of range (`invalid_request`).' })
  async listUsers(@Query() query: UsersQueryDto): Promise<UsersDto> {
    const { limit, offset } = query;
    const [users, total] = await this.users.list(limit, offset);
    const withTotp = await this.users.withTotp(users);
    return { users: users.map((user) => UserDto.of(user, withTotp.has(user.id))), total, limit, offset };
  }

  /** A new account. */
  @Post()
  @Authenticated('users:manage')
  @ApiOperation({ operationId: 'createUser', summary: 'Makes an account' })
  @ApiCreatedResponse({ type: UserDto })
  @ApiProblems({
    400: 'The body or the password is not acceptable (`invalid_request`).',
    409: 'The e-mail is taken (`email_taken`).',
  })
  async createUser(@Body() body: CreateUserDto): Promise<UserDto> {
    const { email, name, role, password } = body;
    const user = await this.users.create({ email, name, role, password: password ?? null });
    return UserDto.of(user, false);
  }

  /** Changes what is given and leaves the rest. */
  @Patch(':user_id')
  @Authenticated('users:manage')
  @ApiOperation({ operationId: 'updateUser', summary: 'Changes, disables or enables an account' })
  @ApiParam({
    name: 'user_id',
    description: 'Id of the user.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
  })
  @ApiOkResponse({ type: UserDto })
  @ApiProblems({
    400: 'The body or the password is not acceptable (`invalid_request`).',
    404: 'There is no such user (`not_found`).',
    409: 'It is the last administrator (`last_admin`), or a service account, which has no password (`service_account`).',
  })
  async updateUser(@Param('user_id') id: string, @Body() body: UpdateUserDto): Promise<UserDto> {
    const user = await this.users.update(id, body);
    return UserDto.of(user, (await this.users.withTotp([user])).has(user.id));
  }
}
