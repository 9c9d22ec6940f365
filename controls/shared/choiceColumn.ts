// Choice columns carry numbers: the publisher's block of values plus the position in the contract's order.

const FIRST = 481_200_000;

/** Position of a choice value, `-1` for none. */
export const choiceIndex = (raw: number | null | undefined): number => (typeof raw === 'number' ? raw - FIRST : -1);

export const choiceValue = (index: number): number => FIRST + index;

/** Names of the six kinds of help among the words, in the order of their choice values (core: helpCodes). */
export const helpNames = ['workload', 'architecture', 'poc', 'quotes', 'post', 'general'] as const;
