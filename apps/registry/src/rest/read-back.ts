import { isDeepStrictEqual } from 'node:util';
import { isObject, parseJson } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata, type Type } from '@nestjs/common';
import { ApiExtension, ApiExtraModels } from '@nestjs/swagger';
import { etagOf } from './etag.js';
import { refuseCredentialText } from './free-text.guard.js';

const READ_BACK = 'lethe:read-back';

/** Member of an operation in the document, until it is completed: the view whose members it takes as they were read. */
export const VIEW_OF_OPERATION = 'x-view';

/** Members of a view that a change does not take, and those of them that never change by themselves. */
class ReadOnlyMembers {
  constructor(
    readonly names: ReadonlySet<string>,
    readonly fixed: readonly string[],
  ) {}
}

/** Where `@ApiProperty` keeps the names of a class's members, each after a colon. */
const MEMBERS = 'swagger/apiModelPropertiesArray';

/**
 * The route takes a view as it was read, with some members changed: the others need not be taken out.
 * @param fixed members that no request changes, nor time, nor a verification
 */
export function TakesView(view: Type<object>, dto: Type<object>, fixed: readonly string[]): MethodDecorator {
  const changeable = membersOf(dto);
  const names = new Set([...membersOf(view)].filter((name) => !changeable.has(name)));
  return applyDecorators(
    SetMetadata(
      READ_BACK,
      new ReadOnlyMembers(
        names,
        fixed.filter((name) => names.has(name)),
      ),
    ),
    ApiExtension(VIEW_OF_OPERATION, view.name),
    ApiExtraModels(view),
  );
}

/** What the route of a request takes of a view without changing it. */
export function readOnlyMembers(context: ExecutionContext): ReadOnlyMembers | undefined {
  const found: unknown = Reflect.getMetadata(READ_BACK, context.getHandler());
  return found instanceof ReadOnlyMembers ? found : undefined;
}

const sent = new WeakMap<object, ReadBack>();

/** Members of a request that its route shows but does not change. */
export class ReadBack {
  /** Of a request without such members. */
  static readonly NONE = new ReadBack({}, []);

  constructor(
    private readonly members: Readonly<Record<string, unknown>>,
    private readonly fixed: readonly string[],
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.members, name);
  }

  /**
   * Refuses members that were changed. One that differs may also be old: verifications and time change what is shown. So if
   * the request has the `id` of the view and no tag of exactly this state, only members that never change are compared.
   * @throws LetheError `invalid_request`, `credential_in_clear`
   */
  async requireUnchanged(
    resource: { version: number },
    read: () => object | Promise<object>,
    ifMatch: string | undefined,
  ): Promise<void> {
    if (Object.keys(this.members).length === 0) return;
    const view = await read();
    const json = parseJson(JSON.stringify(view));
    const now: Record<string, unknown> = isObject(json) ? json : {};
    const others = Object.entries(this.members).filter(([name, value]) => !isDeepStrictEqual(value, now[name]));
    refuseCredentialText(Object.fromEntries(others));
    const isOfNow = ifMatch?.split(',').some((tag) => tag.trim() === etagOf(resource, view)) === true;
    const mayBeOld = this.has('id') && !isOfNow;
    const changed = others.map(([name]) => name).filter((name) => !mayBeOld || this.fixed.includes(name));
    if (changed.length === 0) return;
    throw new LetheError('invalid_request', { errors: changed.map((field) => ({ field, rule: 'read_only' })) });
  }
}

/** Remembers for a request which members its route shows but does not change. */
export function rememberReadBack(request: object, readBack: ReadBack): void {
  sent.set(request, readBack);
}

/** Injects the members of the request that the route shows but does not change. */
export const ReadOnly = createParamDecorator((_data: unknown, context: ExecutionContext): ReadBack => {
  return sent.get(context.switchToHttp().getRequest<object>()) ?? ReadBack.NONE;
});

function membersOf(described: Type<object>): Set<string> {
  const prototype: unknown = described.prototype;
  const isKnown = typeof prototype === 'object' && prototype !== null;
  const named: unknown = isKnown ? Reflect.getMetadata(MEMBERS, prototype) : undefined;
  return new Set(Array.isArray(named) ? named.map((name) => String(name).replace(/^:/, '')) : []);
}
