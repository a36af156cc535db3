import type { FastifyReply } from 'fastify';
import { etagOf } from './etag.js';

/** Adds the entity tag of a resource that has a version to its response. */
export function withTag<T extends object>(reply: FastifyReply, resource: { version: number }, view: T): T {
  void reply.header('etag', etagOf(resource, view));
  return view;
}

/** Adds `Location`, the path of what was made, to a 201. */
export function withLocation<T extends { id: string }>(reply: FastifyReply, list: string, view: T): T {
  void reply.header('location', `/v1/${list}/${view.id}`);
  return view;
}
