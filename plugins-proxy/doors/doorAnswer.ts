// What a door says back. Senders read the status only; the sentence is for people who look.

export interface DoorAnswer {
  readonly status: 202 | 400 | 401 | 408 | 413 | 503;
  /** Machine-readable word for logs and metrics. */
  readonly outcome: string;
  readonly message: string;
}

export const accepted: DoorAnswer = { status: 202, outcome: 'accepted', message: 'Accepted.' };
/** Well-formed, but about something that is not ours. */
export const ignored: DoorAnswer = { status: 202, outcome: 'ignored', message: 'Accepted; it concerns nothing that is synchronised here.' };
export const malformed: DoorAnswer = { status: 400, outcome: 'malformed', message: 'The body is not an event that can be read.' };
export const keyWrong: DoorAnswer = { status: 401, outcome: 'key-wrong', message: 'The key is missing or wrong. Register the endpoint again with the present key.' };
export const slow: DoorAnswer = { status: 408, outcome: 'slow', message: 'The body did not arrive in time. Send it again.' };
export const tooLarge: DoorAnswer = { status: 413, outcome: 'too-large', message: 'The body is larger than an event can be.' };
export const notDurable: DoorAnswer = { status: 503, outcome: 'not-durable', message: 'The event could not be stored. Send it again.' };

/** Refused by the signature check; `reason` names the rule, never the content. */
export const signatureRefused = (status: 400 | 401 | 503, reason: string): DoorAnswer => ({ status, outcome: `signature-${status}`, message: `The event was refused: ${reason}` });
