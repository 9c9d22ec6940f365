// Command line: what can be asked about the webhook registration, whoever answers.
import type { TestOutcome, TestSent, WebhookAnswer, WebhookSettled } from '../api/shapes';

export interface WantedWebhook {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly overwrite: boolean;
}

export interface WebhookDesk {
  show(): Promise<WebhookAnswer>;
  register(wanted: WantedWebhook): Promise<WebhookSettled>;
  sendTest(): Promise<TestSent>;
  testResult(correlationId: string): Promise<TestOutcome>;
}
