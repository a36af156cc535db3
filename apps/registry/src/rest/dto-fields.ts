import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** The names of the fields of a request, in the order of their rules. */
export function fieldsOf(dto: Type<object>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}
