import { GLOB_LIMITS, hasFewStars } from '@lethe/mcp';
import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, MaxLength, MinLength, ValidateBy } from 'class-validator';

/** Most globs of one list. */
export const MAX_GLOBS = 50;

const FORM =
  '`*` is any text, `?` one character, and every other character is itself, as is one after a backslash. ' +
  `At most ${GLOB_LIMITS.length} characters and ${GLOB_LIMITS.stars} stars`;

/** Describes a list of globs in the OpenAPI document. @param of whose names they are for */
export function globsSchema(of: string): ApiPropertyOptions {
  return { description: `Globs for ${of}: ${FORM} each` };
}

/** Validates a list of globs. */
export function AreNameGlobs(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(MAX_GLOBS), ...globRules({ each: true }));
}

/** Describes one glob, like `globsSchema`. */
export function globSchema(of: string): ApiPropertyOptions {
  return { description: `A glob for ${of}: ${FORM}` };
}

/** Validates one glob. */
export function IsNameGlob(): PropertyDecorator {
  return applyDecorators(...globRules({}));
}

function globRules(options: { each?: boolean }): PropertyDecorator[] {
  return [
    IsString(options),
    MinLength(1, options),
    MaxLength(GLOB_LIMITS.length, options),
    ValidateBy({ name: 'maxStars', validator: { validate: hasFewStars } }, options),
  ];
}
