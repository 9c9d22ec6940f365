// Solution sources: the release in which the components came.

/** Stays with a component for ever; one that comes later names the release in which it comes. */
export const introduced = '0.1.0.0';
