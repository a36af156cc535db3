import { ValidateIf } from 'class-validator';

/** May be absent; when it is there, also as null, the other rules hold. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}

/** May be absent or null. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined && value !== null);
}
