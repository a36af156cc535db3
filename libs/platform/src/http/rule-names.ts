/** Rules whose names in class-validator do not say what is meant. The others lose their `is` and become snake case. */
const NAMES: Record<string, string> = {
  isInt: 'integer',
  isIn: 'one_of',
  isISO8601: 'date_time',
  matches: 'pattern',
  arrayMinSize: 'min_items',
  arrayMaxSize: 'max_items',
  arrayUnique: 'unique_items',
  nestedValidation: 'object',
  unknownValue: 'object',
};

const TYPE_RULES = new Set(['isString', 'isBoolean', 'isInt', 'isArray', 'isObject', 'nestedValidation']);

/** The name of a rule in the answers of the admin API, by its name in class-validator: `maxLength` is `max_length`. */
export function ruleName(rule: string): string {
  return (
    NAMES[rule] ??
    rule
      .replace(/^is(?=[A-Z])/, '')
      .replaceAll(/(?<=[a-z])[A-Z]|^[A-Z]/g, (letter, at: number) =>
        at === 0 ? letter.toLowerCase() : `_${letter.toLowerCase()}`,
      )
  );
}

/** Whether a rule says of which type a value is. */
export function isTypeRule(rule: string): boolean {
  return TYPE_RULES.has(rule);
}
