// Colours come from the host's Fluent 9 tokens, under their own names as custom properties. In the classic look there are none: the style sheet then has the
// colours of Fluent 8, without tints (it tells by the missing style).
import type { CSSProperties } from 'react';

/** The outermost element's attributes; what is shown above the page needs them, too. */
export interface Frame {
  readonly className: string;
  readonly style?: CSSProperties | undefined;
  readonly dir: 'rtl' | 'ltr';
}

type Host = Pick<ComponentFramework.Context<unknown>, 'fluentDesignLanguage' | 'userSettings'>;

export function frameOf({ fluentDesignLanguage, userSettings }: Host): Frame {
  const theme = fluentDesignLanguage?.tokenTheme as Readonly<Record<string, string>> | undefined;
  const tokens = theme && Object.entries(theme).filter(([name]) => /^color(?!P)|Berry|^fontFamilyB|^shadow16/.test(name));
  return { className: 'cosell', style: tokens && Object.fromEntries(tokens.map(([name, value]) => [`--${name}`, value])), dir: userSettings.isRTL ? 'rtl' : 'ltr' };
}
