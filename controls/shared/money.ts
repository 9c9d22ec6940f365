// Amounts as this user reads them. A currency that nobody knows is never guessed: the number then stands alone.

export interface Money {
  /** @param currency ISO code; without it the currency is the record's own */
  (value: number, currency?: string): string;
}

/**
 * @param own how the platform shows the record's own amount (`$485,000.00`): what is left without digits and signs is its currency's symbol
 * @param precision decimal places of the record's amount
 */
export function createMoney(formatting: ComponentFramework.Formatting, own: string | undefined, precision = 2): Money {
  const symbol = own?.replace(/[\d.,\s()'’\u00a0\u202f\u200e\u200f\u2212-]/g, '');
  return (value, currency) => {
    if (currency) return formatting.formatCurrency(value, ...ofCode(currency));
    return symbol ? formatting.formatCurrency(value, precision, symbol) : formatting.formatDecimal(value, Number.isInteger(value) ? 0 : precision);
  };
}

function ofCode(code: string): [digits: number, symbol: string] {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
    const symbol = format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? code;
    return [format.resolvedOptions().maximumFractionDigits ?? 2, symbol === code ? `${code} ` : symbol];
  } catch {
    return [2, `${code} `];
  }
}
