import { raw } from '@mikro-orm/postgresql';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { Field } from './field.js';
import { Optional } from './optional.js';

const MAX_WORDS = 200;
/** The decorators that follow are applied in their order, and `Field` reads the rules of the others. */

/** Condition of a list: an object as the entity manager takes it. Undefined if the filter was not given. */
export type Condition = object | undefined;

/** All conditions that were given. */
export function allOf(...conditions: Condition[]): { $and: object[] } {
  return { $and: conditions.filter((condition) => condition !== undefined) };
}

/** The condition, if the filter was given. */
export function ifGiven<T>(value: T | undefined, condition: (value: T) => object): Condition {
  return value === undefined ? undefined : condition(value);
}

/** A part of one of these texts, in capital or small letters. */
export function containsText(text: string, properties: readonly string[]): object {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return { $or: properties.map((property) => ({ [property]: { $ilike: pattern } })) };
}

/** A JSON array of texts in this column has the text. */
export function hasText(column: string, text: string): object {
  return { [raw((alias) => `${alias}.${column} @> ?::jsonb`, [JSON.stringify([text])])]: [] };
}

/** A condition in SQL about the row that has this alias. */
export function where(sql: (alias: string) => string, values: readonly unknown[] = []): object {
  return { [raw(sql, values)]: [] };
}

/** Query parameter that is `true` or `false`. */
export function IsSwitch(description: string): PropertyDecorator {
  return applyDecorators(IsIn(['true', 'false']), Optional(), Field({ description }));
}

/** Query parameter with words or a part of a word. */
export function IsWords(description: string, maxLength = MAX_WORDS): PropertyDecorator {
  return applyDecorators(IsString(), MinLength(1), MaxLength(maxLength), Optional(), Field({ description }));
}
