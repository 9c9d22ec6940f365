// Test kit: how the two languages of the tests write dates, in a user's personal settings.

interface Culture {
  readonly dates: object;
  /** All of them read the UTC parts of what they are given. */
  short(date: Date): string;
  long(date: Date): string;
  time(date: Date): string;
}

const two = (value: number): string => String(value).padStart(2, '0');
const inWords = (locale: string, options: Intl.DateTimeFormatOptions) => (date: Date): string => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(date);

export const en: Culture = {
  dates: { shortDatePattern: 'M/d/yyyy', shortTimePattern: 'h:mm tt', dateSeparator: '/', timeSeparator: ':', amDesignator: 'AM', pmDesignator: 'PM' },
  short: (date) => `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`,
  long: inWords('en-US', { dateStyle: 'full' }),
  time: (date) => `${date.getUTCHours() % 12 || 12}:${two(date.getUTCMinutes())} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`,
};

export const zh: Culture = {
  dates: { shortDatePattern: 'yyyy/M/d', shortTimePattern: 'H:mm', dateSeparator: '/', timeSeparator: ':', amDesignator: '上午', pmDesignator: '下午' },
  short: (date) => `${date.getUTCFullYear()}/${date.getUTCMonth() + 1}/${date.getUTCDate()}`,
  long: inWords('zh-CN', { dateStyle: 'long' }),
  time: (date) => `${date.getUTCHours()}:${two(date.getUTCMinutes())}`,
};
