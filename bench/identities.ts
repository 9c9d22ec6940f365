// Bench: throw-away identities that all its processes agree on.
export const tenantId = '11111111-1111-4111-8111-111111111111';
export const organizationId = '22222222-2222-4222-8222-222222222222';
export const clientId = '33333333-3333-4333-8333-333333333333';
export const clientSecret = 'client-secret-of-the-benchmark';
export const refreshToken = 'refresh-token-of-the-benchmark';
export const webhookKey = 'webhook-key-of-the-benchmark';
export const referralsAudience = 'https://api.partner.microsoft.com';
export const webhooksAudience = 'https://api.partnercenter.microsoft.com';
