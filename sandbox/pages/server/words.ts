// The pages of the try-out: words that the server itself writes, which are few.
import en from '../words/en.json' with { type: 'json' };
import zh from '../words/zh.json' with { type: 'json' };
import type { Language } from './shell';

export const say = (language: Language, key: keyof typeof en): string => (language === 'zh' ? zh : en)[key];
