// A chore's row of work is locked before its own row, as the end of its run does: a process that starts while another one ends a page would else
// wait for it in a circle.
export const choreOrder = `
create or replace function cosell.register_chore(p_key text, p_every_ms bigint, p_first_after_ms double precision) returns void
language plpgsql as $$
begin
  perform cosell.ring(array[p_key], array[0], array[5], array[p_first_after_ms]);
  insert into cosell.chore as c (key, every_ms) values (p_key, p_every_ms) on conflict (key) do update set every_ms = excluded.every_ms where c.every_ms <> excluded.every_ms;
end $$;
`;
