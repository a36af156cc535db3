import type { Grant } from '@lethe/contracts';
import { nameMatcher, UriTemplate } from '@lethe/mcp';
import { NOT_SAID, type RandomGateway, type RandomItem, type RandomServer } from './random-servers.js';

/** What one request for a gateway has: `KEPT`, `OWN` or `NONE`; or the code with which it is refused. */
export type Outcome = string;

/** As docs/operations/grants.md says it, read aloud: nothing is compiled, remembered or shared with what is tested. */
export class Rule {
  constructor(
    private readonly server: RandomServer,
    private readonly roles: readonly string[],
  ) {}

  /** Whether the caller may use an item. */
  allows(gateway: RandomGateway, item: RandomItem): boolean {
    const { grants } = this.server;
    return !grants || grants.some((grant) => this.holds(grant) && reaches(grant, gateway, item));
  }

  /** Whether a grant that is not for everyone, and names the gateway, allows it. */
  grantsKept(gateway: RandomGateway, item: RandomItem): boolean {
    return this.naming(gateway).some((grant) => reaches(grant, gateway, item));
  }

  /** The same for all that the caller may use of the gateway, also for resources that are in no list. */
  grantsAllKept(gateway: RandomGateway): boolean {
    const naming = this.naming(gateway);
    if (naming.length === 0) return false;
    const held = (this.server.grants ?? []).filter((grant) => this.holds(grant));
    const hasUnlisted = held.some((grant) => isWhole(grant, gateway));
    if (hasUnlisted && !naming.some((grant) => isWhole(grant, gateway))) return false;
    return gateway.items.every((item) => !this.allows(gateway, item) || this.grantsKept(gateway, item));
  }

  /** Whose credential a request has. */
  outcome(gateway: RandomGateway, isGranted: boolean, isSent: boolean): Outcome {
    const { access, grants } = this.server;
    const isOff = access === 'open' || !grants || NOT_SAID.has(gateway.state);
    const own = isSent ? 'OWN' : gateway.mappings.some(({ required }) => required) ? 'credential_required' : 'NONE';
    if (gateway.use === 'kept') {
      if (isSent) return 'kept_credential_only';
      if (access === 'open' || !grants || !isGranted) return 'kept_not_granted';
      return gateway.state === 'kept' ? 'KEPT' : 'gateway_unavailable';
    }
    if (gateway.use !== 'callers-then-kept' || isOff || isSent || !isGranted) return own;
    return gateway.state === 'kept' ? 'KEPT' : 'gateway_unavailable';
  }

  private holds({ role }: Grant): boolean {
    return role === '*' || this.roles.includes(role);
  }

  private naming({ slug }: RandomGateway): Grant[] {
    const { grants = [] } = this.server;
    return grants.filter((grant) => grant.role !== '*' && this.holds(grant) && grant.gateways?.includes(slug));
  }
}

/** Whether a grant allows an item: itself, or by a template that matches the resource. */
function reaches(grant: Grant, gateway: RandomGateway, item: RandomItem): boolean {
  const templates = item.kind === 'resource' ? gateway.items.filter(({ kind }) => kind === 'resourceTemplate') : [];
  const matching = templates.filter(({ own }) => new UriTemplate(own).matches(item.own));
  return [item, ...matching].some((one) => names(grant, gateway, one));
}

function names({ kinds, gateways, names: globs, readOnly }: Grant, gateway: RandomGateway, item: RandomItem): boolean {
  const isReadOnly = item.readOnly ?? (item.kind !== 'tool' || (gateway.trustHints && item.hint === true));
  return (
    (gateways?.includes(gateway.slug) ?? true) &&
    (kinds?.includes(item.kind) ?? true) &&
    (globs === undefined || nameMatcher(globs)(item.own)) &&
    (readOnly !== true || isReadOnly)
  );
}

/** Whether a grant allows every resource of a gateway. */
function isWhole({ kinds, gateways, names: globs }: Grant, { slug }: RandomGateway): boolean {
  const hasKinds = kinds === undefined || (kinds.includes('resource') && kinds.includes('resourceTemplate'));
  return (gateways?.includes(slug) ?? true) && hasKinds && globs === undefined;
}
