import { Migration } from '@mikro-orm/migrations';

const GATEWAYS = [
  `create table gateway (id uuid primary key, slug varchar(255) not null, name varchar(255) not null, description text null,
    tags jsonb not null, listing text not null, drift text not null, enabled boolean not null, current_revision int null,
    pending_revision int null, serving_vid uuid null, review_vid uuid null, last_attempt int not null,
    last_applied_attempt int not null, blocks jsonb not null, version int not null, mac varchar(255) not null,
    created_at timestamptz(3) not null, updated_at timestamptz(3) not null, deleted_at timestamptz(3) null)`,
  `alter table gateway add constraint gateway_slug_unique unique (slug)`,
  `alter table gateway add constraint gateway_listing_check check (listing in ('catalogue', 'live'))`,
  `alter table gateway add constraint gateway_drift_check check (drift in ('auto', 'review'))`,
  `create index gateway_deleted_at_created_at_id_index on gateway (deleted_at, created_at, id)`,
  `create table gateway_config (gateway_id uuid not null, revision int not null, url text not null, transport text not null,
    mappings jsonb not null, tls_ca text null, mac varchar(255) not null, created_at timestamptz(3) not null,
    primary key (gateway_id, revision))`,
  `alter table gateway_config add constraint gateway_config_transport_check
    check (transport in ('auto', 'streamable-http', 'sse'))`,
];

const VERIFICATIONS = [
  `create table verification (id uuid primary key, gateway_id uuid not null, config_revision int not null, attempt int not null,
    state text not null, administrator varchar(255) not null, connector varchar(255) null, slot varchar(255) null,
    deadline timestamptz(3) not null, code varchar(255) null, http_status int null, pointer text null,
    started_at timestamptz(3) null, finished_at timestamptz(3) null, requests int null, facts json null, counts jsonb null,
    skipped jsonb null, digest varchar(255) null, diff json null, receipt text null, arrived json null,
    created_at timestamptz(3) not null)`,
  `alter table verification add constraint verification_gateway_id_attempt_unique unique (gateway_id, attempt)`,
  `alter table verification add constraint verification_state_check
    check (state in ('awaiting_credential', 'running', 'verified', 'failed', 'lost', 'expired'))`,
  `create index verification_state_deadline_index on verification (state, deadline)`,
  `create index verification_administrator_state_index on verification (administrator, state)`,
  `create table catalogue_part (vid uuid not null, n int not null, items json not null, received_at timestamptz(3) not null,
    primary key (vid, n))`,
];

const CATALOGUE = [
  `create table catalogue_item (gateway_id uuid not null, ordinal int not null, kind text not null, own text not null,
    definition json not null, stale boolean not null, primary key (gateway_id, ordinal))`,
  `alter table catalogue_item add constraint catalogue_item_kind_check
    check (kind in ('tool', 'resource', 'resourceTemplate', 'prompt'))`,
];

const SERVERS = [
  `create table virtual_server (id uuid primary key, slug varchar(255) not null, live_slug varchar(255) null,
    name varchar(255) not null, description text null, instructions text null, access jsonb not null,
    short_form jsonb not null, items jsonb not null, include jsonb not null, left_out jsonb not null,
    revision bigint not null, version int not null, mac varchar(255) not null, created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null, deleted_at timestamptz(3) null)`,
  `alter table virtual_server add constraint virtual_server_live_slug_unique unique (live_slug)`,
  `create index virtual_server_deleted_at_created_at_id_index on virtual_server (deleted_at, created_at, id)`,
  `create table server_gateway (server_id uuid not null, gateway_id uuid not null, primary key (server_id, gateway_id))`,
  `create index server_gateway_gateway_id_index on server_gateway (gateway_id)`,
  `create table exposed_name (server_id uuid not null, kind text not null, exposed text not null, gateway_id uuid not null,
    own text not null, chosen boolean not null, current boolean not null, primary key (server_id, kind, exposed))`,
  `alter table exposed_name add constraint exposed_name_kind_check
    check (kind in ('tool', 'resource', 'resourceTemplate', 'prompt'))`,
];

const PEOPLE = [
  `create table admin (id varchar(255) primary key, name varchar(255) not null, role text not null, mac varchar(255) not null,
    created_at timestamptz(3) not null)`,
  `alter table admin add constraint admin_role_check check (role in ('admin'))`,
  `create table caller_key (id varchar(255) primary key, name varchar(255) not null, servers jsonb not null,
    expires_at timestamptz(3) null, revoked_at timestamptz(3) null, mac varchar(255) not null,
    row_mac varchar(255) not null, created_at timestamptz(3) not null)`,
];

/** Gateways, verifications, catalogue, virtual servers, keys. */
export class CreateRegistry extends Migration {
  override name = '20261102000000-create-registry';

  override up(): void {
    for (const sql of [...GATEWAYS, ...VERIFICATIONS, ...CATALOGUE, ...SERVERS, ...PEOPLE]) this.addSql(sql);
  }
}
