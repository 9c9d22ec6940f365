// A record on which alone a remote system fails as if it were down closes the gate for all. So that it does not do so again the moment the gate opens, it
// keeps a wait of its own beside the gate's; whoever only met a closed gate has none, and goes at once.
export const ownFailures = `
create or replace function cosell.put_back(p_key text, p_owner integer, p_wanted bigint, p_attempts integer, p_class text, p_wait_ms double precision,
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
           when m.next_due is null and (p_parked is not null or (v_gate is not null and p_class = 'waits')) then null
           when m.next_due is null then now() + p_wait_ms * interval '1 ms'
           when v_gate is not null or p_parked is not null then greatest(m.tried_on + p_floor_ms * interval '1 ms', m.next_due)
           else least(now() + p_wait_ms * interval '1 ms', greatest(m.tried_on + p_floor_ms * interval '1 ms', m.next_due)) end as at
           from cosell.work m where m.key = p_key for update) n
   where w.key = n.key and w.lease = p_owner and w.claimed = p_wanted;
  return found;
end $$;

create or replace function cosell.release_waiting(p_connection text) returns void
language sql as $$
  with waiting as materialized (select key from cosell.work where waits_for = p_connection order by key for update)
  update cosell.work w set waits_for = null from waiting where w.key = waiting.key
$$;

create or replace function cosell.release_stranded() returns void
language sql as $$
  with stranded as materialized (
    select w.key from cosell.work w where w.waits_for is not null
       and not exists (select 1 from cosell.gate g where g.connection = w.waits_for and g.closed) for update of w skip locked
  )
  update cosell.work w set waits_for = null from stranded s where w.key = s.key
$$;
`;
