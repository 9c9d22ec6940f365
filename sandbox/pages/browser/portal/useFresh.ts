// Portal: "changed just now", for 10 seconds after the change.

const FRESH_MS = 10_000;

/** @param fresh times of change in milliseconds, by field */
export function useFresh(fresh: Readonly<Record<string, number>>): (field: string) => boolean {
  const [, look] = React.useState(0);
  const newest = Math.max(0, ...Object.values(fresh));
  React.useEffect(() => {
    const left = newest + FRESH_MS - Date.now();
    if (left <= 0) return undefined;
    const timer = setTimeout(() => look((times) => times + 1), left + 20);
    return () => clearTimeout(timer);
  }, [newest]);
  return (field) => Date.now() - (fresh[field] ?? 0) < FRESH_MS;
}
