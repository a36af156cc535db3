/** Why a call would be refused, and what to do about it. */
export const EXPLAIN_REASONS = {
  server_off: 'The virtual server is switched off: every caller gets 503. Switch it on: enabled = true',
  item_unknown: 'The virtual server exposes nothing of this kind with this name',
  item_off: 'The item is switched off in this virtual server: enabled = false in its items',
  item_gone: 'The name belongs to an item that is not served any more: its gateway lost it, or no rule picks it now',
  name_clash: 'Another item of the virtual server has this name: choose one with `as`',
  uri_clash: 'Another gateway of the virtual server has a resource with this URI',
  header_clash: 'Its gateway is left out: two gateways would use the same passthrough header',
  gateway_off: 'Its gateway is switched off: calls are answered with gateway_unavailable',
  gateway_unverified: 'Its gateway is not verified, so nothing of it is published: lethe verify',
  gateway_waits_for_review: 'A verification of its gateway waits for a review, and nothing of it serves: lethe apply',
  gateway_deleted: 'Its gateway was deleted',
  gateway_tampered: 'Stored rows of its gateway do not match their authentication code: nothing of it is published',
  too_many_gateways: 'Its gateway is left out: the virtual server includes too many by their tags',
  too_many_sessionful: 'Its gateway is left out: too many upstreams of the virtual server keep sessions',
  session_token_too_large: 'Its gateway is left out: the sessions do not fit into one session token',
  key_unknown: 'There is no key with this id',
  key_revoked: 'The key was revoked: make another one',
  key_expired: 'The key has expired: make another one',
  key_of_another_server: 'The key is for other virtual servers',
  key_instead_of_token: 'The virtual server takes access tokens of its issuer, and no keys of Lethe',
  kept_not_granted:
    'The virtual server takes only the kept credential for this gateway, and no grant for a role of the caller names the gateway',
  kept_unusable:
    'The credential that is kept for its gateway has ended, is for another configuration, or was forgotten: keep another one',
  not_granted: 'No grant of the virtual server allows this item to any role of the caller',
} as const;

/** Stable code of a reason. */
export type ExplainReason = keyof typeof EXPLAIN_REASONS;
