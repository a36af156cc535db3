import 'reflect-metadata';
import type { EventType } from '@lethe/contracts';

/** Handles one type of event. May get an event more than once. If it throws, the event is delivered again later. */
export interface EventHandler<T extends object> {
  handle(event: T): Promise<void>;
}

const EVENT_METADATA = Symbol('lethe:on-event');

/** Subscribes a provider durably: one replica of its service gets each event of this type, at least once. */
export function OnEvent<T extends object>(type: EventType<T>) {
  return (handler: new (...args: never[]) => EventHandler<T>): void => {
    Reflect.defineMetadata(EVENT_METADATA, type, handler);
  };
}

/** The event that a class is decorated with. */
export function eventOf(handler: object): EventType<object> | undefined {
  const type: unknown = Reflect.getMetadata(EVENT_METADATA, handler);
  return isEventType(type) ? type : undefined;
}

function isEventType(type: unknown): type is EventType<object> {
  return typeof type === 'function' && 'subject' in type;
}
