// Pages of the try-out: the reader's language, one press away on every page.
import { readSettings } from '../settings';

const NAMES = { en: 'English', zh: '中文' } as const;

/** A link to this very page in the other language, so that it works like any address. */
export function LanguageSwitch(): JSX.Element {
  const other = readSettings().language === 'zh' ? 'en' : 'zh';
  const address = new URL(location.href);
  address.searchParams.set('lang', other);
  return (
    <a className="language" href={address.pathname + address.search} lang={other === 'zh' ? 'zh-CN' : 'en'}>
      {NAMES[other]}
    </a>
  );
}
