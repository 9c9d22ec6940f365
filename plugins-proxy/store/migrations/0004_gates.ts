// Gates: one row per connection, the same for all processes. Whoever opens or closes locks the gate first and rows of work after it.
export const gates = `
-- p_token: the probe that failed, or null for any other call. Calls that were under way when the gate closed do not lengthen the waits.
create function cosell.close_gate(p_connection text, p_code text, p_retry_after_ms double precision, p_token uuid, p_probe_ms double precision, p_probe_max_ms double precision) returns void
language plpgsql as $$
declare
  g cosell.gate;
begin
  insert into cosell.gate (connection) values (p_connection) on conflict do nothing;
  select * into g from cosell.gate where connection = p_connection for update;
  if not g.closed then
    update cosell.gate set closed = true, code = p_code, since = clock_timestamp(), probes = 0, probe_token = null, prober = null, probing_until = null, offered = null,
      next_try_on = clock_timestamp() + coalesce(p_retry_after_ms, p_probe_ms) * interval '1 ms' where connection = p_connection;
  elsif g.probe_token = p_token then
    update cosell.gate set code = p_code, probes = g.probes + 1, probe_token = null, prober = null, probing_until = null, offered = null,
      next_try_on = clock_timestamp() + coalesce(p_retry_after_ms, least(p_probe_ms * 2 ^ least(g.probes + 1, 20), p_probe_max_ms)) * interval '1 ms'
     where connection = p_connection;
  elsif p_retry_after_ms is not null then
    update cosell.gate set next_try_on = greatest(next_try_on, clock_timestamp() + p_retry_after_ms * interval '1 ms') where connection = p_connection;
  end if;
  perform pg_notify('cosell_gate', p_connection);
end $$;

-- The right to make the one call that finds out; null when it is not time yet, or another process holds it.
create function cosell.take_probe(p_connection text, p_prober integer, p_longest_ms double precision) returns uuid
language sql as $$
  update cosell.gate set probe_token = gen_random_uuid(), prober = p_prober, probing_until = clock_timestamp() + p_longest_ms * interval '1 ms'
   where connection = p_connection and closed and next_try_on <= clock_timestamp()
     and (probe_token is null or probing_until < clock_timestamp() or (prober is not null and prober not in (select cosell.living())))
  returning probe_token
$$;

-- A probe that found out nothing (the run was aborted before an answer).
create function cosell.return_probe(p_connection text, p_token uuid) returns void
language sql as $$
  update cosell.gate set probe_token = null, prober = null, probing_until = null, offered = null where connection = p_connection and probe_token = p_token
$$;

create function cosell.release_waiting(p_connection text) returns void
language sql as $$
  with waiting as materialized (select key from cosell.work where waits_for = p_connection order by key for update)
  update cosell.work w set waits_for = null, not_before = null from waiting where w.key = waiting.key
$$;

create function cosell.open_gate(p_connection text, p_token uuid) returns boolean
language plpgsql as $$
begin
  update cosell.gate set closed = false, code = null, since = null, next_try_on = null, probes = 0, probe_token = null, prober = null, probing_until = null, offered = null
   where connection = p_connection and closed and probe_token = p_token;
  if not found then return false; end if;
  perform cosell.release_waiting(p_connection);
  perform pg_notify('cosell_gate', p_connection);
  perform pg_notify('cosell_work', '');
  return true;
end $$;

-- When a gate's time has come, one waiting row goes and probes: the one tried longest ago, so that a record which always fails is not the only prober.
create function cosell.offer_probes() returns integer
language plpgsql as $$
declare
  g cosell.gate;
  v_key text;
  v_offered integer := 0;
begin
  for g in select * from cosell.gate where closed and next_try_on <= now() order by connection for update skip locked loop
    if g.probe_token is not null and g.probing_until > now() and (g.prober is null or g.prober in (select cosell.living())) then continue; end if;
    if exists (select 1 from cosell.work w where w.key = g.offered and w.wanted > w.done and w.waits_for is null and w.parked is null
                and (w.lease is not null or w.not_before is null or w.not_before <= now())) then continue; end if;
    select w.key into v_key from cosell.work w where w.waits_for = g.connection order by w.tried_on nulls first, w.key limit 1 for update skip locked;
    if not found then continue; end if;
    update cosell.work set waits_for = null, not_before = null, due = least(due, now()) where key = v_key;
    update cosell.gate set offered = v_key where connection = g.connection;
    v_offered := v_offered + 1;
  end loop;
  return v_offered;
end $$;

-- Rows that wait for a gate that stands open, should that ever be: they go.
create function cosell.release_stranded() returns void
language sql as $$
  with stranded as materialized (
    select w.key from cosell.work w where w.waits_for is not null
       and not exists (select 1 from cosell.gate g where g.connection = w.waits_for and g.closed) for update of w skip locked
  )
  update cosell.work w set waits_for = null, not_before = null from stranded s where w.key = s.key
$$;
`;
