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

export function frameOf({ fluentDesignLanguage: design, userSettings }: Host): Frame {
  const tokens = design && Object.entries<string>(design.tokenTheme).filter(([name]) => /^color(?!P)|Berry|^fontFamilyB|^shadow16/.test(name));
  return { className: 'cosell', style: tokens && Object.fromEntries(tokens.map(([name, value]) => [`--${name}`, value])), dir: userSettings.isRTL ? 'rtl' : 'ltr' };
}
