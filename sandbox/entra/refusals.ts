// How Entra says no. Shape and texts after "Microsoft Entra authentication and authorization error codes" (learn.microsoft.com/entra/identity-platform/reference-error-codes).
import { randomUUID } from 'node:crypto';
import type { StandInAnswer } from '../kit/standIn';

const REFUSALS = {
  missingField: { status: 400, error: 'invalid_request', number: 900144, text: "The request body must contain the following parameter: '%'." },
  tenantUnknown: { status: 400, error: 'invalid_request', number: 90002, text: "Tenant '%' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud." },
  tenantNeeded: { status: 400, error: 'invalid_request', number: 50194, text: "Application is not configured as a multi-tenant application. Usage of the '%' endpoint is not supported; use a tenant-specific endpoint." },
  clientUnknown: { status: 400, error: 'unauthorized_client', number: 700016, text: "Application with identifier '%' was not found in the directory." },
  secretMissing: { status: 401, error: 'invalid_client', number: 7000218, text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'." },
  secretWrong: { status: 401, error: 'invalid_client', number: 7000215, text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%'." },
  grantUnknown: { status: 400, error: 'unsupported_grant_type', number: 70003, text: "The app requested an unsupported grant type '%'." },
  scopeWrong: { status: 400, error: 'invalid_scope', number: 1002012, text: 'The provided value for scope % is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).' },
  resourceUnknown: { status: 400, error: 'invalid_resource', number: 500011, text: 'The resource principal named % was not found in the tenant.' },
  refreshUnknown: { status: 400, error: 'invalid_grant', number: 9002313, text: 'Invalid request. Request is malformed or invalid.' },
  refreshRevoked: { status: 400, error: 'invalid_grant', number: 50173, text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.' },
  signInExpired: { status: 400, error: 'invalid_grant', number: 700082, text: 'The refresh token has expired due to inactivity.' },
  busy: { status: 503, error: 'temporarily_unavailable', number: 90033, text: 'A transient error has occurred. Please try again.' },
  tooMany: { status: 429, error: 'invalid_request', number: 90055, text: 'The request is throttled because the server is too busy to handle it.' },
} as const;

/** @param detail goes into the text; never a secret or a token */
export function refuseSignIn(reason: keyof typeof REFUSALS, detail = '', headers: Readonly<Record<string, string>> = {}): StandInAnswer {
  const { status, error, number, text } = REFUSALS[reason];
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const description = `AADSTS${number}: ${text.replace('%', detail)}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`;
  const body = { error, error_description: description, error_codes: [number], timestamp, trace_id: traceId, correlation_id: correlationId, error_uri: `https://login.microsoftonline.com/error?code=${number}` };
  return { status, headers: { 'cache-control': 'no-store', ...headers }, body };
}
