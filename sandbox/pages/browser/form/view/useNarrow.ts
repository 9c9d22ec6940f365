// Opportunity form: below 640 px a form has one column.

export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = React.useState(() => matchMedia('(max-width: 640px)').matches);
  React.useEffect(() => {
    const media = matchMedia('(max-width: 640px)');
    const read = (): void => setNarrow(media.matches);
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }, []);
  return isNarrow;
}
