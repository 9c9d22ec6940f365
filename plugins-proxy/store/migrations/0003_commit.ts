// What a run writes, in one call and one transaction: lease check, link, timeline, referrals seen, bells, finish.
export const commit = `
create function cosell.store_link(p_id text, p_rev integer, p_crm_connection text, p_kind text, p_crm_id text, p_partner_connection text, p_referral_id text,
  p_microsoft_id text, p_engagement_id text, p_account_id text, p_contact_id text, p_phase text, p_attempts_open boolean, p_document json) returns integer
language plpgsql as $$
begin
  if p_rev = 0 then
    insert into cosell.link (id, rev, crm_connection, kind, crm_id, partner_connection, referral_id, microsoft_id, engagement_id, account_id, contact_id, phase, attempts_open, document)
    values (p_id, 1, p_crm_connection, p_kind, p_crm_id, p_partner_connection, p_referral_id, p_microsoft_id, p_engagement_id, p_account_id, p_contact_id, p_phase, p_attempts_open, p_document);
    return 1;
  end if;
  update cosell.link set rev = p_rev + 1, crm_connection = p_crm_connection, kind = p_kind, crm_id = p_crm_id, partner_connection = p_partner_connection,
    referral_id = p_referral_id, microsoft_id = p_microsoft_id, engagement_id = p_engagement_id, account_id = p_account_id, contact_id = p_contact_id, phase = p_phase,
    attempts_open = p_attempts_open, document = p_document, changed_on = now()
   where id = p_id and rev = p_rev;
  if not found then raise exception 'stale link' using errcode = 'CS002'; end if;
  return p_rev + 1;
end $$;

create function cosell.see_referrals(p_connection text, p_seen json) returns void
language sql as $$
  insert into cosell.seen_referral as s (connection, id, engagement_id, external_id, organization_id, closed, created_on, updated_on)
  select distinct on (r.id) p_connection, r.id, r."engagementId", r."externalReferenceId", r."organizationId", r.closed, r."createdOn", r."updatedOn"
    from json_to_recordset(p_seen) as r (id text, "engagementId" text, "externalReferenceId" text, "organizationId" text, closed boolean, "createdOn" timestamptz, "updatedOn" timestamptz)
   order by r.id, r."updatedOn" desc
  on conflict (connection, id) do update set engagement_id = excluded.engagement_id, external_id = excluded.external_id,
    organization_id = excluded.organization_id, closed = excluded.closed, updated_on = excluded.updated_on
   where s.updated_on <= excluded.updated_on
$$;

-- Own row and rung rows are locked in the order of their keys first: two runs that ring each other do not deadlock.
create function cosell.hold(p_key text, p_owner integer, p_wanted bigint, p_keys text[]) returns void
language plpgsql as $$
begin
  if p_keys is not null then
    perform 1 from cosell.work w where w.key = any (p_keys || p_key) order by w.key for update;
  end if;
  perform 1 from cosell.work w where w.key = p_key and w.lease = p_owner and w.claimed = p_wanted for update;
  if not found then raise exception 'lease lost' using errcode = 'CS001'; end if;
end $$;

-- p_link: the arguments of store_link in their order, without the document, which goes beside them untouched.
-- p_lasting: whether it must be on the disk before the run goes on. What a run only learnt need not: should the server itself die within the
-- moment until it is, the next run finds the same as if the last one had died just before this commit. A plan or an attempt always is.
create function cosell.commit_run(p_key text, p_owner integer, p_wanted bigint, p_finish boolean, p_link text[], p_document json,
  p_plans text[], p_ns integer[], p_ats timestamptz[], p_texts text[], p_seen_connection text, p_seen json,
  p_keys text[], p_sides integer[], p_priorities integer[], p_delays double precision[], p_lasting boolean) returns integer
language plpgsql as $$
declare
  v_rev integer;
begin
  if not p_lasting then perform set_config('synchronous_commit', 'off', true); end if;
  if p_finish and p_keys is null then
    if not cosell.finish(p_key, p_owner, p_wanted) then raise exception 'lease lost' using errcode = 'CS001'; end if;
  else
    perform cosell.hold(p_key, p_owner, p_wanted, p_keys);
  end if;
  if p_link is not null then
    v_rev := cosell.store_link(p_link[1], p_link[2]::integer, p_link[3], p_link[4], p_link[5], p_link[6], p_link[7], p_link[8], p_link[9], p_link[10], p_link[11],
      p_link[12], p_link[13]::boolean, p_document);
  end if;
  if p_plans is not null then
    insert into cosell.timeline (link_id, plan, n, at, text)
    select p_link[1], l.plan, l.n, l.at, l.text from unnest(p_plans, p_ns, p_ats, p_texts) with ordinality as l (plan, n, at, text, o) order by l.o
    on conflict (link_id, plan, n) do nothing;
  end if;
  if p_seen is not null then perform cosell.see_referrals(p_seen_connection, p_seen); end if;
  if p_keys is not null then
    perform cosell.ring(p_keys, p_sides, p_priorities, p_delays);
    if p_finish then perform cosell.finish(p_key, p_owner, p_wanted); end if;
  end if;
  return v_rev;
end $$;

-- A partner's bell finds its record in the same round trip: our referral rings bit 2, Microsoft's bit 4, an unknown one a row of its own.
-- Each kind of id has its index, which one question with "or" would not use before the table is analysed. p_sides: bits that the bell asks for besides.
create function cosell.ring_referrals(p_connections text[], p_ids text[], p_sides integer[], p_priorities integer[]) returns text[]
language plpgsql as $$
declare
  v_keys text[];
  v_sides integer[];
  v_link cosell.link;
begin
  for i in 1 .. cardinality(p_ids) loop
    v_sides[i] := p_sides[i] | 2;
    select k.crm_connection, k.kind, k.crm_id into v_link.crm_connection, v_link.kind, v_link.crm_id
      from cosell.link k where k.partner_connection = p_connections[i] and k.referral_id = p_ids[i];
    if not found then
      select k.crm_connection, k.kind, k.crm_id into v_link.crm_connection, v_link.kind, v_link.crm_id
        from cosell.link k where k.partner_connection = p_connections[i] and k.microsoft_id = p_ids[i] limit 1;
      if found then v_sides[i] := p_sides[i] | 4; end if;
    end if;
    v_keys[i] := case when found then 'crm:' || v_link.crm_connection || ':' || v_link.kind || ':' || v_link.crm_id else 'pc:' || p_connections[i] || ':' || p_ids[i] end;
  end loop;
  perform cosell.ring(v_keys, v_sides, p_priorities, array_fill(0::double precision, array[cardinality(p_ids)]));
  return v_keys;
end $$;

-- Rings the links that hang on an account or contact, a batch at a time; returns the last id of a full batch, else null.
create function cosell.ring_links_of(p_kind text, p_connection text, p_id text, p_after text, p_limit integer) returns table (rung integer, next text)
language plpgsql as $$
declare
  v_ids text[];
  v_keys text[];
begin
  select array_agg(l.id order by l.id), array_agg('crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id order by l.id) into v_ids, v_keys
    from (select * from cosell.link k
           where k.crm_connection = p_connection and k.id > coalesce(p_after, '') and k.phase not in ('off', 'crmGone')
             and ((p_kind = 'account' and k.account_id = p_id) or (p_kind = 'contact' and k.contact_id = p_id))
           order by k.id limit p_limit) l;
  rung := coalesce(cardinality(v_ids), 0);
  if rung > 0 then
    perform cosell.ring(v_keys, array_fill(1, array[rung]), array_fill(5, array[rung]), array_fill(0::double precision, array[rung]));
  end if;
  next := case when rung = p_limit then v_ids[rung] end;
  return next;
end $$;

create function cosell.adopt(p_connection text, p_organization_id text) returns integer
language plpgsql as $$
declare
  v_keys text[];
  v_count integer;
begin
  insert into cosell.connection as c (name, organization_id, adopted_on) values (p_connection, p_organization_id, now())
  on conflict (name) do update set organization_id = excluded.organization_id, copied = null, adopted_on = now();
  select array_agg('crm:' || crm_connection || ':' || kind || ':' || crm_id) into v_keys
    from cosell.link where crm_connection = p_connection or partner_connection = p_connection;
  v_count := coalesce(cardinality(v_keys), 0);
  if v_count > 0 then
    perform cosell.ring(v_keys, array_fill(8, array[v_count]), array_fill(5, array[v_count]), array_fill(0::double precision, array[v_count]));
  end if;
  return v_count;
end $$;
`;
