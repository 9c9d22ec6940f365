// Everything that outlives a process. Remote documents are `json`, not `jsonb`: they come back byte for byte, also with \u0000 and half
// surrogates, which `jsonb` refuses and which sellers do paste.
export const tables = `
create sequence cosell.instance_id as integer cycle;

create table cosell.instance (
  id integer primary key,
  started_on timestamptz not null default now(),
  seen_on timestamptz not null default now()
);

create table cosell.work (
  key text primary key,
  wanted bigint not null default 1,
  done bigint not null default 0,
  sides integer not null default 0,
  taken integer not null default 0,
  due timestamptz not null default now(),
  not_before timestamptz,
  tried_on timestamptz,
  rung_on timestamptz not null default now(),
  next_due timestamptz,
  floor_until timestamptz,
  priority smallint not null default 1,
  attempts integer not null default 0,
  class text,
  waits_for text,
  parked text,
  lease integer,
  claimed bigint,
  leased_on timestamptz,
  rank interval generated always as ((due - timestamptz '2000-01-01 00:00:00+00') + priority * interval '10 s') stored
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
create index work_claimable on cosell.work (rank) where lease is null and wanted > done and parked is null and waits_for is null;
create index work_leased on cosell.work (lease) where lease is not null;
create index work_waiting on cosell.work (waits_for, tried_on) where waits_for is not null;
create index work_parked on cosell.work (key) where parked is not null;
comment on column cosell.work.claimed is 'wanted as seen at claim; with lease, the right to write';
comment on column cosell.work.next_due is 'when the bells that rang during the run want the next one';
comment on column cosell.work.floor_until is 'no bell brings a failing record back sooner';

create table cosell.chore (
  key text primary key,
  every_ms bigint not null,
  cursor json,
  ran_on timestamptz,
  succeeded_on timestamptz,
  failing_since timestamptz,
  error text
);

create table cosell.gate (
  connection text primary key,
  closed boolean not null default false,
  code text,
  since timestamptz,
  next_try_on timestamptz,
  probes integer not null default 0,
  probe_token uuid,
  prober integer,
  probing_until timestamptz,
  offered text
);

create table cosell.connection (
  name text primary key,
  organization_id text,
  copied text,
  adopted_on timestamptz,
  inventory_started_on timestamptz,
  inventory_completed_on timestamptz
);

create table cosell.link (
  id text primary key,
  rev integer not null,
  crm_connection text not null,
  kind text not null,
  crm_id text not null,
  partner_connection text not null,
  referral_id text,
  microsoft_id text,
  engagement_id text,
  account_id text,
  contact_id text,
  phase text not null,
  attempts_open boolean not null,
  changed_on timestamptz not null default now(),
  document json not null
) with (fillfactor = 80);
create unique index link_crm on cosell.link (crm_connection, kind, crm_id);
create unique index link_referral on cosell.link (partner_connection, referral_id);
create index link_microsoft on cosell.link (partner_connection, microsoft_id) where microsoft_id is not null;
create index link_engagement on cosell.link (partner_connection, engagement_id) where engagement_id is not null;
create index link_account on cosell.link (crm_connection, account_id, id) where account_id is not null;
create index link_contact on cosell.link (crm_connection, contact_id, id) where contact_id is not null;
create index link_attempts on cosell.link (partner_connection) where attempts_open;

create table cosell.timeline (
  number bigserial primary key,
  link_id text not null references cosell.link on delete cascade,
  plan text not null,
  n integer not null,
  at timestamptz not null,
  text text not null,
  unique (link_id, plan, n)
);
create index timeline_newest on cosell.timeline (link_id, number desc);
create index timeline_at on cosell.timeline (at);

create table cosell.seen_referral (
  connection text not null,
  id text not null,
  engagement_id text not null,
  external_id text,
  organization_id text not null,
  closed boolean not null,
  created_on timestamptz not null,
  updated_on timestamptz not null,
  primary key (connection, id)
);
create index seen_referral_external on cosell.seen_referral (connection, external_id) where external_id is not null;

create table cosell.credential (
  name text primary key,
  secret bytea not null,
  fingerprint text not null,
  changed_on timestamptz not null default now()
);
`;
