// Pages of the try-out: whether the reader's system is dark, also when it changes meanwhile.

export function useDark(): boolean {
  const [isDark, setDark] = React.useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  React.useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const read = (): void => setDark(media.matches);
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }, []);
  return isDark;
}
