import { ValidateIf } from 'class-validator';

/** The member may be absent. If it is present, even as null, the other rules apply. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}

/** The member may be absent or null. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined && value !== null);
}
