// Chores, and what every process does at each look at the table.
export const chores = `
-- A chore's row is always wanted; its due time is all that says when.
create function cosell.register_chore(p_key text, p_every_ms bigint, p_first_after_ms double precision) returns void
language plpgsql as $$
begin
  insert into cosell.chore as c (key, every_ms) values (p_key, p_every_ms) on conflict (key) do update set every_ms = excluded.every_ms where c.every_ms <> excluded.every_ms;
  perform cosell.ring(array[p_key], array[0], array[5], array[p_first_after_ms]);
end $$;

-- One page is done: cursor and finish in one transaction. p_again: the next page follows at once, behind whatever waits. A fault keeps the cursor; a
-- fault that closed a gate waits for that gate, so that the walk after an outage begins when the outage ends.
create function cosell.finish_chore(p_key text, p_owner integer, p_wanted bigint, p_cursor json, p_again boolean, p_error text, p_gate text) returns boolean
language plpgsql as $$
declare
  v_every bigint;
  v_gate text;
begin
  if p_gate is not null then
    select g.connection into v_gate from cosell.gate g where g.connection = p_gate and g.closed for share;
  end if;
  select every_ms into v_every from cosell.chore where key = p_key;
  update cosell.work w set done = claimed, wanted = greatest(w.wanted, claimed + 1), taken = 0, sides = 0, attempts = 0, class = null, not_before = null, floor_until = null,
    waits_for = case when w.next_due is null then v_gate end, parked = null, priority = 5, lease = null, claimed = null, leased_on = null, next_due = null,
    due = least(w.next_due, n.at), rung_on = least(w.next_due, n.at)
   from (select now() + case when p_again or v_gate is not null then 0 else coalesce(v_every, 60000) end * interval '1 ms' as at) n
   where w.key = p_key and w.lease = p_owner and w.claimed = p_wanted;
  if not found then return false; end if;
  update cosell.chore set ran_on = now(), error = p_error,
    cursor = case when p_error is null then p_cursor else cursor end,
    succeeded_on = case when p_error is null then now() else succeeded_on end,
    failing_since = case when p_error is not null then coalesce(failing_since, now()) end
   where key = p_key;
  return true;
end $$;

create function cosell.tick(p_instance integer, p_tries integer, p_back_off_ms double precision, p_back_off_max_ms double precision) returns void
language plpgsql as $$
begin
  insert into cosell.instance (id) values (p_instance) on conflict (id) do update set seen_on = now();
  delete from cosell.instance where seen_on < now() - interval '1 day';
  perform cosell.free_dead(p_tries, p_back_off_ms, p_back_off_max_ms);
  perform cosell.release_stranded();
  perform cosell.offer_probes();
end $$;
`;
