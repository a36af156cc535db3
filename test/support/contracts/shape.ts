import ts from 'typescript';

/**
 * The form of a contract: each member by its path, such as `gateways[].tlsCa`, with the types that it may have. `? ` before
 * them: may be absent. `= `: always written, and may be absent when it is read.
 */
export type Shape = Record<string, string>;

/** JSON of any form: its members are no part of the contract. */
const ANY_JSON = new Set(['JsonObject', 'JsonValue']);

/** Describes a type of a program. A union of objects is described as one object with the members of all. */
export function shapeOf(checker: ts.TypeChecker, type: ts.Type): Shape {
  const shape: Shape = {};
  describe([type], '', '');
  return shape;

  function describe(types: ts.Type[], path: string, mark: string): void {
    const parts = types.flatMap((each) => alternatives(each));
    const texts = new Set(parts.flatMap((part) => textOf(checker, part) ?? 'object'));
    const objects = parts.filter((part) => textOf(checker, part) === undefined);
    if (path !== '') shape[path] = `${mark}${[...texts].toSorted().join(' | ')}`;
    describeElements(objects, path);
    describeMembers(
      objects.filter((part) => !checker.isArrayLikeType(part)),
      path,
    );
  }

  function describeElements(objects: ts.Type[], path: string): void {
    const lists = objects.filter((part) => checker.isArrayLikeType(part));
    const elements = lists.flatMap((list) => checker.getIndexTypeOfType(list, ts.IndexKind.Number) ?? []);
    if (elements.length > 0) describe(elements, `${path}[]`, '');
    const values = objects.flatMap((part) => checker.getIndexTypeOfType(part, ts.IndexKind.String) ?? []);
    if (values.length > 0) describe(values, `${path}{}`, '');
  }

  function describeMembers(objects: ts.Type[], path: string): void {
    const members = objects.map((part) => new Map(part.getProperties().map((member) => [member.name, member])));
    for (const name of new Set(members.flatMap((each) => [...each.keys()]))) {
      const found = members.flatMap((each) => each.get(name) ?? []);
      const isPartial = found.length < objects.length || found.some(isOptional);
      const mark = isPartial ? '? ' : found.some(hasDefault) ? '= ' : '';
      describe(found.map((member) => checker.getTypeOfSymbol(member)), path === '' ? name : `${path}.${name}`, mark); // prettier-ignore
    }
  }
}

function alternatives(type: ts.Type): ts.Type[] {
  if (type.aliasSymbol && ANY_JSON.has(type.aliasSymbol.name)) return [type];
  const parts = type.isUnion() ? type.types : [type];
  return parts.filter((part) => (part.flags & ts.TypeFlags.Undefined) === 0);
}

/** The type as text; undefined for an object or a list, whose members are described one by one. */
function textOf(checker: ts.TypeChecker, type: ts.Type): string | undefined {
  if (type.aliasSymbol && ANY_JSON.has(type.aliasSymbol.name)) return 'json';
  if (checker.isArrayLikeType(type) || (type.flags & ts.TypeFlags.Object) !== 0) return undefined;
  if (type.isIntersection()) return undefined;
  return checker.typeToString(type).replace(/^(?:true|false)$/, 'boolean');
}

function isOptional(member: ts.Symbol): boolean {
  return (member.flags & ts.SymbolFlags.Optional) !== 0;
}

function hasDefault({ valueDeclaration }: ts.Symbol): boolean {
  return (
    valueDeclaration !== undefined &&
    ts.isPropertyDeclaration(valueDeclaration) &&
    valueDeclaration.initializer !== undefined
  );
}
