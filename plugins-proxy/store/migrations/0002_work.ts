// The moves of a row of work, each one function so that it costs one round trip; docs/notes/work-table.md tells them as a whole.
export const work = `
-- One statement for any number of bells. Keys are locked in their order, so two callers never wait for each other in a circle.
create function cosell.ring(p_keys text[], p_sides integer[], p_priorities integer[], p_delays double precision[]) returns void
language sql as $$
  insert into cosell.work as w (key, sides, priority, due, rung_on)
  select b.key, bit_or(b.sides), min(b.priority), now() + min(b.delay) * interval '1 ms', now() + min(b.delay) * interval '1 ms'
    from unnest(p_keys, p_sides, p_priorities, p_delays) as b (key, sides, priority, delay)
   group by b.key order by b.key
  on conflict (key) do update set
    wanted = w.wanted + 1,
    sides = w.sides | excluded.sides,
    priority = case when w.wanted = w.done then excluded.priority else least(w.priority, excluded.priority) end,
    due = case when w.lease is not null then w.due when w.wanted = w.done then excluded.due else least(w.due, excluded.due) end,
    rung_on = case when w.lease is not null then w.rung_on when w.wanted = w.done then excluded.due else least(w.rung_on, excluded.due) end,
    next_due = case when w.lease is not null then least(w.next_due, excluded.due) end,
    not_before = case when w.not_before is null and w.waits_for is null and w.parked is null then null
                      else least(w.not_before, greatest(w.floor_until, excluded.due)) end,
    parked = null,
    waits_for = null
$$;

create function cosell.finish(p_key text, p_owner integer, p_wanted bigint) returns boolean
language plpgsql as $$
begin
  update cosell.work set done = claimed, taken = 0, attempts = 0, class = null, not_before = null, floor_until = null,
    due = coalesce(next_due, due), rung_on = coalesce(next_due, rung_on), next_due = null, lease = null, claimed = null, leased_on = null
   where key = p_key and lease = p_owner and claimed = p_wanted;
  return found;
end $$;

-- Ends a run that owes something still. A gate is looked at under a share lock: opening it either sees this row waiting or is seen open here.
create function cosell.put_back(p_key text, p_owner integer, p_wanted bigint, p_attempts integer, p_class text, p_wait_ms double precision,
  p_floor_ms double precision, p_gate text, p_parked text) returns boolean
language plpgsql as $$
declare
  v_gate text;
begin
  if p_gate is not null then
    select g.connection into v_gate from cosell.gate g where g.connection = p_gate and g.closed for share;
  end if;
  update cosell.work w set attempts = p_attempts, class = p_class, lease = null, claimed = null, leased_on = null, next_due = null,
    floor_until = w.tried_on + p_floor_ms * interval '1 ms',
    waits_for = case when w.next_due is null then v_gate end,
    parked = case when w.next_due is null then p_parked end,
    not_before = n.at, due = coalesce(n.at, w.due)
   from (select m.key, case
           when m.next_due is null and (v_gate is not null or p_parked is not null) then null
           when m.next_due is null then now() + p_wait_ms * interval '1 ms'
           when v_gate is not null or p_parked is not null then greatest(m.tried_on + p_floor_ms * interval '1 ms', m.next_due)
           else least(now() + p_wait_ms * interval '1 ms', greatest(m.tried_on + p_floor_ms * interval '1 ms', m.next_due)) end as at
           from cosell.work m where m.key = p_key for update) n
   where w.key = n.key and w.lease = p_owner and w.claimed = p_wanted;
  return found;
end $$;

-- Instances that live: those whose session advisory lock is held. 1129271116 is the class of these locks.
create function cosell.living() returns setof integer
language sql as $$
  select l.objid::bigint::integer from pg_locks l
   where l.locktype = 'advisory' and l.classid = 1129271116 and l.objsubid = 2 and l.granted
     and l.database = (select d.oid from pg_database d where d.datname = current_database())
$$;

-- Frees the rows of instances that died: their try was counted at claim, so a run that kills its process is parked in the end. Most deaths are
-- nobody's fault, and rows that ran side by side share the suspicion: dying alone weighs three times as much, and only the sixfold of the tries
-- of a bug parks (ten deaths alone, thirty in company), with the back-off of a failing record in between.
-- Only leases seen dead before are touched: a row that a new instance claims meanwhile stays its own.
create function cosell.free_dead(p_tries integer, p_back_off_ms double precision, p_back_off_max_ms double precision) returns integer
language plpgsql as $$
declare
  v_dead integer[];
  v_freed integer;
begin
  select array_agg(distinct w.lease) into v_dead from cosell.work w where w.lease is not null and w.lease not in (select cosell.living());
  if v_dead is null then return 0; end if;
  with died as (
    select w.key, case when w.class is null or w.class = 'died' then w.attempts else 1 end
        + case when exists (select from cosell.work o where o.lease = w.lease and o.key <> w.key) then 0 else 2 end as weight
      from cosell.work w where w.lease = any (v_dead) for update skip locked
  )
  update cosell.work w set lease = null, claimed = null, leased_on = null, class = 'died', attempts = d.weight,
    parked = case when d.weight >= 6 * p_tries and w.next_due is null and w.key not like 'chore:%' then 'The service ended again and again during this run.' end,
    not_before = case when d.weight > 3 then now() + least(p_back_off_ms * 2 ^ (d.weight / 3 - 2), p_back_off_max_ms) * interval '1 ms' end,
    floor_until = case when d.weight > 3 then w.tried_on + p_back_off_ms * interval '1 ms' end, next_due = null
   from died d where w.key = d.key;
  get diagnostics v_freed = row_count;
  return v_freed;
end $$;
`;
