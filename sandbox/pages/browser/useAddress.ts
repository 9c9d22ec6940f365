// Pages of the try-out: what stands behind the question mark is the page's state, so that links, Back and reload work.

export interface Address {
  readonly query: URLSearchParams;
  /** Shows another state of the same page; the language stays. */
  go(query: Readonly<Record<string, string>>): void;
}

export function useAddress(): Address {
  const [search, setSearch] = React.useState(location.search);
  React.useEffect(() => {
    const read = (): void => setSearch(location.search);
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const query = new URLSearchParams(search);
  return {
    query,
    go(next) {
      const language = query.get('lang');
      const text = new URLSearchParams({ ...next, ...(language ? { lang: language } : {}) }).toString();
      history.pushState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}`);
      setSearch(location.search);
    },
  };
}

/** The address of another state of this page, for links that can also be opened beside it. */
export function addressWith(next: Readonly<Record<string, string>>): string {
  return `${location.pathname}?${new URLSearchParams(next).toString()}`;
}
