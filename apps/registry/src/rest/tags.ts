import { MAX_TAGS, TAG } from '@lethe/mcp';
import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayUnique, IsArray, Matches } from 'class-validator';

/** Validates a list of tags. */
export function AreTags(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(MAX_TAGS), ArrayUnique(), Matches(TAG, { each: true }));
}
