/**
 * How clients' configurations write a variable, as shown to people, and what matches it. A client that does not know the
 * notation, or whose variable is not set, sends it as it is.
 */
const NOTATIONS: readonly (readonly [shown: string, form: RegExp])[] = [
  ['${NAME}', /^\$\{\w+\}$/],
  ['${NAME:-default}', /^\$\{\w+:?[-=?+][^{}]*\}$/],
  ['${env:NAME}', /^\$\{(?:env|input|inputs|secret|secrets|var|vars)[:.][\w.-]+\}$/i],
  ['${{ secrets.NAME }}', /^\$\{\{[^{}]+\}\}$/],
  ['{{NAME}}', /^\{\{[^{}]+\}\}$/],
  ['{env:NAME}', /^\{env:[^{}]+\}$/i],
  ['{file:PATH}', /^\{file:[^{}]+\}$/i],
  ['$env:NAME', /^\$env:\w+$/i],
  ['$NAME', /^\$[A-Z_][A-Z0-9_]*$/],
  ['$(COMMAND)', /^\$\([^()]+\)$/],
  ['%NAME%', /^%\w+%$/],
];
const SCHEME = /^[A-Za-z]+ +/;
/** A longer value is taken for a secret. */
const MAX_LENGTH = 256;
const LAST_CHARACTERS = new Set(['}', '%', ')'].map((character) => character.charCodeAt(0)));
const DOLLAR = '$'.charCodeAt(0);

/**
 * The notation, such as `${NAME}`, if a header's value is nothing but a variable, with or without a scheme before it. A
 * secret may contain the same characters, so a notation within a longer value does not count.
 */
export function unexpandedVariable(value: string): string | undefined {
  if (!mayBeVariable(value)) return undefined;
  const variable = value.replace(SCHEME, '');
  return NOTATIONS.find(([, form]) => form.test(variable))?.[0];
}

/**
 * What to do about it, as a sentence.
 * @param header at the start of a sentence
 */
export function unexpandedSentence(header: string, notation: string): string {
  return (
    `${header} contains a variable, written as ${notation}, that the client did not replace: set the variable, or write it ` +
    'in the notation of this client'
  );
}

/** Two comparisons for nearly every value: this is asked for each credential of a call. */
function mayBeVariable(value: string): boolean {
  if (value.length > MAX_LENGTH) return false;
  return (
    LAST_CHARACTERS.has(value.charCodeAt(value.length - 1)) || value.charCodeAt(value.lastIndexOf(' ') + 1) === DOLLAR
  );
}
