import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { LetheError } from '../errors.js';

/** A rule that a request breaks: names of fields and rules, never values. */
export interface BrokenRule {
  field: string;
  rule: string;
}

const UNKNOWN_FIELD = 'whitelistValidation';

/** Flattens class-validator's errors. The name of an unknown property is from the client and is not repeated. */
export function brokenRules(errors: readonly ValidationError[], parent = ''): BrokenRule[] {
  return errors.flatMap((error) => {
    const rules = Object.keys(error.constraints ?? {});
    if (rules.includes(UNKNOWN_FIELD)) return [{ field: `${parent}*`, rule: 'unknown_field' }];
    const field = `${parent}${error.property}`;
    return [...rules.map((rule) => ({ field, rule })), ...brokenRules(error.children ?? [], `${field}.`)];
  });
}

/** The pipe that turns bodies into DTOs for the admin API. It rejects unknown fields and never repeats values. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new LetheError('invalid_request', { errors: brokenRules(errors) }),
  });
}
