import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../rest/operation.js';
import { SignIn } from './sign-in.service.js';
import { SignInView } from './sign-in.view.js';

/** How administrators sign in at the console. Whoever asks has not signed in yet, so it is for everybody. */
@Controller('v1/sign-in')
@ApiTags('console')
export class SignInController {
  constructor(private readonly signIn: SignIn) {}

  @Get()
  @Operation('describeSignIn', 'Says how administrators sign in at the console, besides with a token of Lethe', {
    answer: SignInView,
    description:
      'Needs no token, and says nothing that a browser on its way to the issuer does not show. A registry with ' +
      '`LETHE_CONSOLE=off` does not have it.',
  })
  describe(): Promise<SignInView> {
    return this.signIn.describe(new Date());
  }
}
