// The steps of the trip, by the names that docs/journey.md tells them with. Each is passed right after its effect and before it is remembered,
// so a test can end the process there.

export const updateSteps = ['U0', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'] as const;
export const outboundSteps = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9'] as const;
export const inboundSteps = ['I0', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'] as const;
export const closingSteps = ['W1', 'W2', 'W3'] as const;
export const steps = [...updateSteps, ...outboundSteps, ...inboundSteps, ...closingSteps] as const;
export type Step = (typeof steps)[number];

/** Told at every step; does nothing in production. */
export type Passed = (step: Step) => void;
