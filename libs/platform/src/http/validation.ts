import { nearestWord } from '@lethe/mcp';
import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { LetheError } from '../errors.js';

/** A rule that a request breaks: names of fields and rules, never values. */
export interface BrokenRule {
  field: string;
  rule: string;
  /** For an unknown field, the known one that was probably meant. */
  nearest?: string;
  /** For an unknown field, all that are known in its place. */
  known?: string[];
}

const UNKNOWN_FIELD = 'whitelistValidation';

/**
 * Flattens class-validator's errors. The name of an unknown property is the client's own text, and may be a secret: the
 * known names are told instead.
 */
export function brokenRules(errors: readonly ValidationError[], parent = ''): BrokenRule[] {
  return errors.flatMap((error) => {
    const rules = Object.keys(error.constraints ?? {});
    if (rules.includes(UNKNOWN_FIELD)) return [unknownField(error, parent)];
    const field = `${parent}${error.property}`;
    return [...rules.map((rule) => ({ field, rule })), ...brokenRules(error.children ?? [], `${field}.`)];
  });
}

function unknownField({ target, property }: ValidationError, parent: string): BrokenRule {
  const known = target === undefined ? [] : fieldsOf(target);
  const nearest = nearestWord(property, known);
  return { field: `${parent}*`, rule: 'unknown_field', ...(nearest !== undefined && { nearest }), known };
}

/** The fields of a DTO: those that have a rule. */
function fieldsOf(dto: object): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto.constructor, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

/** The pipe that turns bodies into DTOs for the admin API. It rejects unknown fields and never repeats values. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: true, value: false },
    exceptionFactory: (errors) => new LetheError('invalid_request', { errors: brokenRules(errors) }),
  });
}
