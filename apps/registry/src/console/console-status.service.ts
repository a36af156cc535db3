import { Injectable } from '@nestjs/common';

/** Whether this registry serves the console: it is switched on, and in its build. */
@Injectable()
export class ConsoleStatus {
  isServed = false;
}
