import type { JsonValue } from '@lethe/contracts';
import { isIdOf, type RpcId } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { logLevelOf, progressTokenOf } from '../protocol/envelope.js';
import type { UpstreamCall } from '../request/mcp-request.js';
import type { RunningCalls } from '../replicas/running-calls.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import type { Session } from '../sessions/sessions.js';
import type { DroppedNotifications } from '../telemetry/dropped-notifications.js';
import type { SeenGateways } from '../telemetry/seen-gateways.js';
import { FloodPace } from './flood-pace.js';
import { NotificationFilter } from './notification-filter.js';

type Emit = (json: string) => void;

/** Makes the filter of each stream of an upstream. */
export class NotificationFilters {
  private readonly paces = new WeakMap<Gateway, FloodPace>();

  constructor(
    private readonly running: RunningCalls,
    private readonly dropped: DroppedNotifications,
    private readonly seen: Pick<SeenGateways, 'noteListChange'>,
  ) {}

  /** For the stream that responds to a call. */
  ofCall({ message, credentials, era }: UpstreamCall, emit: Emit): NotificationFilter {
    const mayLog = era.era === 'legacy' || logLevelOf(message) !== undefined;
    return this.ofToken(credentials.access, progressTokenOf(message.params), mayLog, emit);
  }

  /** For the stream of a call that a legacy client resumes. */
  ofResumedCall(access: UpstreamAccess, token: RpcId | undefined, emit: Emit): NotificationFilter {
    return this.ofToken(access, token, true, emit);
  }

  /**
   * For a session's stream. Progress on it is that of a call which this replica runs: of calls elsewhere is not known which
   * gateway carries them out, unless there is only one.
   */
  ofSession(access: UpstreamAccess, session: Session, server: () => VirtualServer, emit: Emit): NotificationFilter {
    const { slug } = access.gateway;
    const ownToken = (token: JsonValue | undefined): JsonValue | undefined =>
      server().gateways.length === 1 || this.running.reports(session.progressKey(slug, token)) ? token : undefined;
    return this.create({ access, server, ownToken, mayLog: true }, emit);
  }

  /** For a subscription, which selects list changes and URIs alone. */
  ofSubscription(access: UpstreamAccess, emit: Emit): NotificationFilter {
    return this.create({ access, server: () => access.caller.server, ownToken: () => undefined, mayLog: false }, emit);
  }

  private ofToken(access: UpstreamAccess, own: RpcId | undefined, mayLog: boolean, emit: Emit): NotificationFilter {
    const ownToken = (token: JsonValue | undefined): RpcId | undefined =>
      own !== undefined && isIdOf(token, own) ? own : undefined;
    return this.create({ access, server: () => access.caller.server, ownToken, mayLog }, emit);
  }

  private create(scope: ConstructorParameters<typeof NotificationFilter>[0], emit: Emit): NotificationFilter {
    const { gateway } = scope.access;
    const pace = this.paces.get(gateway) ?? new FloodPace();
    this.paces.set(gateway, pace);
    return new NotificationFilter(scope, pace, this.dropped, this.seen, emit);
  }
}
