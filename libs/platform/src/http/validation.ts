import { nearestWord, VENDOR_PREFIXES } from '@lethe/mcp';
import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { LetheError } from '../errors.js';
import { isTypeRule, ruleName } from './rule-names.js';

/** A rule that a request breaks: names of fields and rules, and what the rule allows; never values. */
export interface BrokenRule {
  /** Names and indexes, joined by dots. */
  field: string;
  rule: string;
  /** What the rule allows at most or at least. */
  limit?: number;
  /** The values that may be sent. */
  allowed?: unknown[];
  /** For an unknown field, the known one that was probably meant. */
  nearest?: string;
  /** For an unknown field, all that are known in its place. */
  known?: string[];
}

const UNKNOWN_FIELD = 'whitelistValidation';
/** Such a name is shown: it is no secret. */
const PLAIN_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const TOKEN_OF_A_VENDOR = new RegExp(`^(?:${VENDOR_PREFIXES.any})[A-Za-z0-9_-]{8}`);

/** Flattens class-validator's errors. A field of the wrong type is told that alone. */
export function brokenRules(errors: readonly ValidationError[], parent = ''): BrokenRule[] {
  return errors.flatMap((error) => {
    const rules = Object.keys(error.constraints ?? {});
    if (rules.includes(UNKNOWN_FIELD)) return [unknownField(error, parent)];
    const field = `${parent}${error.property}`;
    const ofType = rules.filter(isTypeRule);
    const told = (ofType.length > 0 ? ofType : rules).map((rule) => ({
      field,
      rule: ruleName(rule),
      ...allowance(error, rule),
    }));
    return [...told, ...brokenRules(error.children ?? [], `${field}.`)];
  });
}

/** What a rule allows: a limit or values, which are the API's own. */
function allowance({ target, property }: ValidationError, rule: string): Pick<BrokenRule, 'limit' | 'allowed'> {
  const found = target && rulesOf(target).find((each) => each.propertyName === property && each.name === rule);
  const constraint: unknown = found?.constraints?.[0];
  if (typeof constraint === 'number') return { limit: constraint };
  return rule === 'isIn' && Array.isArray(constraint) ? { allowed: constraint } : {};
}

function unknownField({ target, property }: ValidationError, parent: string): BrokenRule {
  const known = target === undefined ? [] : fieldsOf(target);
  const nearest = nearestWord(property, known);
  const shown = PLAIN_NAME.test(property) && !TOKEN_OF_A_VENDOR.test(property) ? property : '*';
  return { field: `${parent}${shown}`, rule: 'unknown_field', ...(nearest !== undefined && { nearest }), known };
}

function rulesOf(dto: object): { propertyName: string; name?: string; constraints: unknown[] }[] {
  return getMetadataStorage().getTargetValidationMetadatas(dto.constructor, '', false, false);
}

/** The fields of a DTO: those that have a rule. */
function fieldsOf(dto: object): string[] {
  return [...new Set(rulesOf(dto).map(({ propertyName }) => propertyName))];
}

/** Refuses a body that is no JSON object before its members are looked for. */
class DtoPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (metadata.type === 'body' && this.toValidate(metadata) && value !== undefined && !isObject) {
      throw new LetheError('invalid_request', { errors: [{ field: '*', rule: 'object' }] });
    }
    return super.transform(value, metadata);
  }
}

/** The pipe that turns bodies into DTOs for the admin API. It rejects unknown fields and never repeats values. */
export function validationPipe(): ValidationPipe {
  return new DtoPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: true, value: false },
    exceptionFactory: (errors) => new LetheError('invalid_request', { errors: brokenRules(errors) }),
  });
}
