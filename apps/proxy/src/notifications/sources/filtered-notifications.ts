import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import type { NotificationListener } from './notification-source.js';

/** Sends the notifications of one upstream that its filter lets pass. */
export function listenerOf(
  filter: NotificationFilter,
  send: (json: string) => void,
): Omit<NotificationListener, 'ended'> {
  return {
    notification: (_method, json) => {
      const passed = filter.passJson(json);
      if (passed !== undefined) send(passed);
    },
    ignored: () => filter.drop('not_own'),
    pace: filter,
  };
}
