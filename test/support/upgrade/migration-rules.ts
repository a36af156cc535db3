/** A migration as its statements. */
export interface MigrationSql {
  name: string;
  statements: string[];
}

/** What a migration adds: an older version knows nothing of it, so statements about it can't disturb that one. */
interface Added {
  tables: Set<string>;
  /** `table.column` */
  columns: Set<string>;
}

const TYPE = String.raw`(?:[a-z]+(?:\([\d, ]+\))?(?:\[\])?)`;
const CONSTANT = String.raw`(?:'[^']*'|-?\d+|true|false|null)(?:::\w+)?`;
const ADD_COLUMN = new RegExp(
  `^add column (\\w+) ${TYPE}(?: (?:null|not null default ${CONSTANT}|default ${CONSTANT}(?: (?:not )?null)?))?$`,
);

/**
 * The statements of a migration that are not safe while an older version still runs on the same database. Only forms that
 * are known to be safe pass: a new table and whatever is done to it, triggers and their functions included; a new column that
 * old inserts may leave out; a check, an index or an update of new columns only; a default; a dropped NOT NULL.
 */
export function unsafeStatements({ statements }: MigrationSql): string[] {
  const added: Added = { tables: new Set(), columns: new Set() };
  return statements.map(normalised).filter((statement) => !isSafe(statement, added));
}

function normalised(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').replace(/;$/, '').trim().toLowerCase();
}

function isSafe(statement: string, added: Added): boolean {
  const created = /^create table (?:if not exists )?(\w+) /.exec(statement)?.[1];
  if (created !== undefined) return added.tables.add(created) && !statement.includes(' references ');
  const altered = /^alter table (\w+) (.*)$/.exec(statement);
  if (altered) return isSafeAlteration(altered[1] ?? '', altered[2] ?? '', added);
  // Alone it does nothing; which tables call it is checked with the triggers.
  if (/^create function \w+\(\) returns trigger /.test(statement)) return true;
  const watched = /^create trigger \w+ (?:before|after) [a-z ]+ on (\w+) /.exec(statement)?.[1];
  const index = /^create (?:unique )?index \w+ on (\w+) /.exec(statement)?.[1];
  const written = /^(?:insert into|update|delete from) (\w+) /.exec(statement)?.[1];
  const table = watched ?? index ?? written;
  if (table !== undefined && added.tables.has(table)) return true;
  const updated = /^update (\w+) set (\w+) = (?:(?!, \w+ = ).)*$/.exec(statement);
  return updated !== null && added.columns.has(`${updated[1]}.${updated[2]}`);
}

function isSafeAlteration(table: string, actions: string, added: Added): boolean {
  if (added.tables.has(table)) return true;
  return actions.split(/, (?=(?:add|alter|drop|rename) )/).every((action) => isSafeAction(table, action, added));
}

function isSafeAction(table: string, action: string, { columns }: Added): boolean {
  const column = ADD_COLUMN.exec(action)?.[1];
  if (column !== undefined) return Boolean(columns.add(`${table}.${column}`));
  const check = /^add constraint \w+ check \(\(?(\w+) (?:in|>|<|>=|<=|=) .*\)$/.exec(action);
  if (check) return columns.has(`${table}.${check[1]}`) && !/ (?:and|or) /.test(action);
  return new RegExp(`^alter column \\w+ (?:set default ${CONSTANT}|drop not null)$`).test(action);
}
