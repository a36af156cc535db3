import { Metrics } from '@lethe/platform';
import { RunningCalls } from '../../../apps/proxy/src/replicas/running-calls.js';
import { NotificationFilters } from '../../../apps/proxy/src/server-requests/notification-filters.js';
import { DroppedNotifications } from '../../../apps/proxy/src/telemetry/dropped-notifications.js';

/** Makes the filters of streams, as a proxy without running calls does. */
export function filters(): NotificationFilters {
  return new NotificationFilters(new RunningCalls(), new DroppedNotifications(new Metrics()), {
    noteListChange: () => undefined,
  });
}
