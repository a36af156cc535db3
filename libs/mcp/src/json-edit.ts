/** One member of an object's JSON text: where its name begins, and where its value stands. */
interface Member {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/**
 * The JSON text of one member of an object, as it was written; undefined when it is not there. `json` must be the JSON of
 * an object that a parser took.
 */
export function memberText(json: string, name: string): string | undefined {
  const member = membersOf(json).find((one) => one.name === name);
  return member && json.slice(member.valueStart, member.end);
}

/**
 * An object's JSON text with members set to other JSON, or left out where undefined; every other member stays as it was
 * written, so that numbers keep their digits.
 */
export function editObject(json: string, edits: Readonly<Record<string, string | undefined>>): string {
  const kept = membersOf(json)
    .filter(({ name }) => !Object.hasOwn(edits, name))
    .map(({ start, end }) => json.slice(start, end));
  const set = Object.entries(edits).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${value}`],
  );
  return `{${[...kept, ...set].join(',')}}`;
}

function membersOf(json: string): Member[] {
  const members: Member[] = [];
  let at = json.indexOf('{') + 1;
  for (;;) {
    const start = json.indexOf('"', at);
    if (start === -1) return members;
    const nameEnd = endOfString(json, start) + 1;
    const valueStart = afterSpace(json, json.indexOf(':', nameEnd) + 1);
    const next = endOfValue(json, valueStart);
    const raw = json.slice(valueStart, next);
    members.push({
      name: nameIn(json.slice(start, nameEnd)),
      start,
      valueStart,
      end: valueStart + raw.trimEnd().length,
    });
    if (json[next] !== ',') return members;
    at = next + 1;
  }
}

/** Index of the comma or brace after the value that starts here. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const char = json[at];
    if (char === '"') at = endOfString(json, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (depth === 0 && (char === ',' || char === '}')) return at;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return json.length;
}

/** Index of the closing quote. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (json[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
    end = json.indexOf('"', end + 1);
  }
  return json.length;
}

function afterSpace(json: string, start: number): number {
  let at = start;
  while (at < json.length && ' \t\r\n'.includes(json[at] ?? 'x')) at += 1;
  return at;
}

function nameIn(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
