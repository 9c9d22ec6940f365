// The signature check at the Partner Center door: every attack we could think of, and the genuine events that must pass.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSignatureCheck } from '../../../plugins-proxy/doors/signature/createSignatureCheck';
import type { SignatureCheck, SignatureCheckOptions } from '../../../plugins-proxy/doors/signature/createSignatureCheck';
import { makeCertificate, makeChain, signBody, toPkcs7 } from '../../kit/certificates';
import type { MadeCertificate } from '../../kit/certificates';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
interface TestServer { origin: string; port: number; asked: string[]; connections: number; files: Map<string, Buffer | string | Answer>; close(): Promise<void> }

const body = Buffer.from('{"EventName":"referral-updated","ResourceUri":"https://api.partnercenter.microsoft.com/x"}');
let certificates: TestServer;
let issuers: TestServer;
let trap: TestServer;
let good: Awaited<ReturnType<typeof makeChain>>;
let lone: MadeCertificate;
let time: Date;

beforeAll(async () => {
  [certificates, issuers, trap] = await Promise.all([startServer(), startServer(), startServer()]);
  good = await makeChain();
  lone = await makeCertificate({ commonName: 'notifications.test', issuer: good.intermediate, caIssuers: [`${issuers.origin}/ca.crt`] });
});

beforeEach(() => {
  time = new Date();
  for (const server of [certificates, issuers]) {
    server.files.clear();
    server.asked.length = 0;
  }
  certificates.files.set('/leaf.cer', lone.der);
  issuers.files.set('/ca.crt', good.intermediate.der);
});

afterEach(() => expect(trap.connections).toBe(0));
afterAll(() => Promise.all([certificates, issuers, trap].map((server) => server.close())));

describe('a genuine event passes', () => {
  const bundles: [string, () => { signer: MadeCertificate; file: Buffer | string }][] = [
    ['the leaf alone as DER', () => ({ signer: lone, file: lone.der })],
    ['the leaf alone as PEM', () => ({ signer: lone, file: lone.pem })],
    ['the whole chain as PEM', () => ({ signer: good.leaf, file: good.leaf.pem + good.intermediate.pem + good.root.pem })],
    ['the chain in another order', () => ({ signer: good.leaf, file: good.intermediate.pem + good.leaf.pem })],
    ['the chain as DER, one after the other', () => ({ signer: good.leaf, file: Buffer.concat([good.leaf.der, good.intermediate.der]) })],
    ['the chain as PKCS #7', () => ({ signer: good.leaf, file: toPkcs7([good.leaf, good.intermediate]) })],
  ];
  test.each(bundles)('with %s', async (_name, make) => {
    const { signer, file } = make();
    certificates.files.set('/leaf.cer', file);
    expect(await check()(headersFor(signer), body)).toEqual({ type: 'genuine' });
  });

  test.each(['DER', 'PEM', 'PKCS #7'])('with its intermediate from the AIA address as %s', async (form) => {
    issuers.files.set('/ca.crt', form === 'DER' ? good.intermediate.der : form === 'PEM' ? good.intermediate.pem : toPkcs7([good.intermediate]));
    expect(await check()(headersFor(lone), body)).toEqual({ type: 'genuine' });
    expect(issuers.asked).toEqual(['/ca.crt']);
  });

  test('with two intermediates, each from the AIA address of the one below', async () => {
    const upper = await makeCertificate({ commonName: 'Upper', issuer: good.root, ca: true });
    const lower = await makeCertificate({ commonName: 'Lower', issuer: upper, ca: true, pathLength: 0, caIssuers: [`${issuers.origin}/upper.crt`] });
    const leaf = await makeCertificate({ commonName: 'n', issuer: lower, caIssuers: [`${issuers.origin}/lower.crt`] });
    certificates.files.set('/leaf.cer', leaf.der);
    issuers.files.set('/upper.crt', upper.der).set('/lower.crt', lower.der);
    expect(await check()(headersFor(leaf), body)).toEqual({ type: 'genuine' });
  });

  test.each(['sha256', 'sha384', 'sha512'])('signed with rsa-%s', async (hash) => {
    expect(await check()(headersFor(lone, { 'x-ms-signature-algorithm': `RSA-${hash}` }, hash), body)).toEqual({ type: 'genuine' });
  });

  test('with the signature in Authorization, in x-ms-signature without its word, and in both when they agree', async () => {
    const signature = signBody(lone, body);
    const judge = check();
    for (const form of [{ authorization: `Signature ${signature}` }, { 'x-ms-signature': signature }, { 'x-ms-signature': [signature], Authorization: `Signature ${signature}` }]) {
      expect(await judge({ ...headersFor(lone), 'x-ms-signature': undefined, ...form }, body)).toEqual({ type: 'genuine' });
    }
  });

  test('over bytes that are no text at all', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x0a]);
    expect(await check()({ ...headersFor(lone), 'x-ms-signature': `Signature ${signBody(lone, bytes)}` }, bytes)).toEqual({ type: 'genuine' });
  });
});

describe('headers are judged before anything is fetched', () => {
  test.each([
    [401, 'no signature', { 'x-ms-signature': undefined }],
    [401, 'a bearer token in place of a signature', { 'x-ms-signature': undefined, authorization: 'Bearer abc' }],
    [401, 'an empty signature', { 'x-ms-signature': 'Signature ' }],
    [401, 'a signature that is not base64', { 'x-ms-signature': 'Signature §§§' }],
    [401, 'two signatures that differ', { authorization: 'Signature AAAA' }],
    [401, 'two signatures that differ in one joined header', { 'x-ms-signature': 'Signature AAAA, Signature BBBB' }],
    [401, 'no headers but a body', { 'x-ms-signature': undefined, 'x-ms-certificate-url': undefined, 'x-ms-signature-algorithm': undefined }],
    [400, 'no certificate address', { 'x-ms-certificate-url': undefined }],
    [400, 'no algorithm', { 'x-ms-signature-algorithm': undefined }],
    [400, 'two certificate addresses', { 'x-ms-certificate-url': ['http://127.0.0.1/a', 'http://127.0.0.1/b'] }],
    [400, 'an address that is none', { 'x-ms-certificate-url': 'leaf.cer' }],
    [400, 'an endless address', { 'x-ms-certificate-url': `http://127.0.0.1/${'a'.repeat(5000)}` }],
    [401, 'SHA-1', { 'x-ms-signature-algorithm': 'rsa-sha1' }],
    [401, 'MD5', { 'x-ms-signature-algorithm': 'rsa-md5' }],
    [401, 'another key kind', { 'x-ms-signature-algorithm': 'ecdsa-sha256' }],
    [401, 'a keyed hash', { 'x-ms-signature-algorithm': 'hmac-sha256' }],
  ])('%i for %s', async (status, _name, changed) => {
    expect(await check()({ ...headersFor(lone), ...changed }, body)).toMatchObject({ type: 'refused', status });
    expect(certificates.asked).toEqual([]);
  });
});

describe('a forged event is refused', () => {
  test('when the body was changed', async () => {
    expect(await check()(headersFor(lone), Buffer.concat([body, Buffer.from(' ')]))).toMatchObject({ status: 401 });
  });

  test('when somebody else signed it', async () => {
    expect(await check()(headersFor(good.leaf), body)).toMatchObject({ status: 401 });
  });

  test('when the algorithm named is not the one used', async () => {
    expect(await check()(headersFor(lone, { 'x-ms-signature-algorithm': 'rsa-sha512' }), body)).toMatchObject({ status: 401 });
  });
});

describe('a wrong certificate is refused with 401', () => {
  const wrong: [string, string, () => Promise<{ leaf: MadeCertificate; rest: MadeCertificate[] }>][] = [
    ['of another organization', 'another organization', async () => below({ organization: 'Contoso' })],
    ['of an organization that only contains the name', 'another organization', async () => below({ organization: 'Not Microsoft Corporation' })],
    ['whose issuer carries the organization in its common name', 'another organization', async () => below({ organization: null, commonName: 'CA, O=Microsoft Corporation' })],
    ['that has expired', 'not valid now', async () => leafWith({ until: new Date(Date.now() - 60_000) })],
    ['that is not valid yet', 'not valid now', async () => leafWith({ from: new Date(Date.now() + 60_000) })],
    ['signed by another leaf', 'not a CA', async () => {
      const forged = await makeCertificate({ commonName: 'forged', issuer: good.leaf });
      return { leaf: forged, rest: [good.leaf, good.intermediate] };
    }],
    ['signed by a leaf that may sign certificates but is no CA', 'not a CA', async () => below({ ca: false, keyUsage: ['keyCertSign', 'digitalSignature'] })],
    ['below a CA without key usage', 'does not say that it may sign', async () => below({ keyUsage: null })],
    ['below a CA that may not sign certificates', 'not a CA', async () => below({ keyUsage: ['digitalSignature'] })],
    ['below a CA that has expired', 'not valid now', async () => below({ until: new Date(Date.now() - 60_000) })],
    ['below a CA that its issuer allowed no CA', 'longer than an issuer allows', async () => {
      const deeper = await makeCertificate({ commonName: 'Deeper', issuer: good.intermediate, ca: true });
      return { leaf: await makeCertificate({ commonName: 'n', issuer: deeper }), rest: [deeper, good.intermediate] };
    }],
    ['without key usage', 'not meant for digital signatures', async () => leafWith({ keyUsage: null })],
    ['not for digital signatures', 'not meant for digital signatures', async () => leafWith({ keyUsage: [] })],
    ['that is a CA', 'is a CA', async () => leafWith({ ca: true })],
    ['with an elliptic key', 'other than RSA', async () => leafWith({ key: 'ec' })],
    ['with a short key', 'other than RSA', async () => leafWith({ key: 'rsa1024' })],
    ['signed with SHA-1', 'SHA-256 or better', async () => leafWith({ hash: 'SHA-1' })],
    ['below a CA that was signed with SHA-1', 'SHA-256 or better', async () => below({ hash: 'SHA-1' })],
    ['below a CA with an elliptic key', 'SHA-256 or better', async () => below({ key: 'ec' })],
    ['with a critical extension that nobody knows', 'critical extension', async () => leafWith({ criticalExtension: '1.2.3.4.5' })],
    ['below a root that nobody trusts', 'does not reach a trusted root', async () => {
      const root = await makeCertificate({ commonName: 'Stranger', ca: true });
      return { leaf: await makeCertificate({ commonName: 'n', issuer: root }), rest: [root] };
    }],
    ['below a forged root of the trusted name', 'not signed by the issuer it names', async () => {
      const root = await makeCertificate({ commonName: 'Test Root', organization: 'Test Trust', ca: true });
      const middle = await makeCertificate({ commonName: 'Test Issuing CA', issuer: root, ca: true });
      return { leaf: await makeCertificate({ commonName: 'n', issuer: middle }), rest: [middle, root] };
    }],
    ['signed by itself', 'does not reach a trusted root', async () => ({ leaf: await makeCertificate({ commonName: 'alone' }), rest: [] })],
  ];
  test.each(wrong)('%s', async (_name, reason, make) => {
    const { leaf, rest } = await make();
    certificates.files.set('/leaf.cer', [leaf, ...rest].map((one) => one.pem).join(''));
    const signature = leaf.keys.publicKey.algorithm.name === 'ECDSA' ? 'AAAA' : signBody(leaf, body);
    const verdict = await check()({ ...headersFor(lone), 'x-ms-signature': `Signature ${signature}` }, body);
    expect(verdict).toMatchObject({ type: 'refused', status: 401, reason: expect.stringContaining(reason) });
    expect(issuers.asked).toEqual([]);
  });

  test('a file that is no certificate, or a certificate with rubbish behind it', async () => {
    for (const file of ['<html>', '', Buffer.concat([lone.der, Buffer.from('rubbish')]), Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])]) {
      certificates.files.set('/leaf.cer', file);
      expect(await check()(headersFor(lone), body)).toMatchObject({ status: 401 });
    }
  });
});

describe('nothing outside the allow-list is called', () => {
  const tricks: [string, (port: number) => string][] = [
    ['another port', () => `${trap.origin}/leaf.cer`],
    ['another host', (port) => `http://localhost:${port}/leaf.cer`],
    ['user info', (port) => `http://somebody@127.0.0.1:${port}/leaf.cer`],
    ['the allowed host as user info', (port) => `http://127.0.0.1:${port}@127.0.0.1:${trap.port}/leaf.cer`],
    ['the allowed host in front of another', (port) => `http://127.0.0.1:${port}.evil.test/leaf.cer`],
    ['https in place of http', (port) => `https://127.0.0.1:${port}/leaf.cer`],
    ['another scheme', () => 'ftp://127.0.0.1/leaf.cer'],
    ['a file', () => 'file:///etc/passwd'],
    ['the address as one number', (port) => `http://2130706433:${port}/leaf.cer`],
    ['the address in hexadecimal', (port) => `http://0x7f.1:${port}/leaf.cer`],
    ['the address in octal', (port) => `http://0177.0.0.1:${port}/leaf.cer`],
    ['the address cut short', (port) => `http://127.1:${port}/leaf.cer`],
    ['the address inside IPv6', (port) => `http://[::ffff:127.0.0.1]:${port}/leaf.cer`],
    ['a dot at the end', (port) => `http://127.0.0.1.:${port}/leaf.cer`],
    ['percent signs in the host', (port) => `http://%3127.0.0.1:${port}/leaf.cer`],
    ['a backslash', (port) => `http:\\\\127.0.0.1:${port}\\leaf.cer`],
    ['a backslash before the other host', (port) => `http://127.0.0.1:${port}\\@127.0.0.1:${trap.port}/leaf.cer`],
    ['a tab in the host', (port) => `http://127.0.\t0.1:${port}/leaf.cer`],
    ['one slash', (port) => `http:/127.0.0.1:${port}/leaf.cer`],
    ['a port with a nought in front', (port) => `http://127.0.0.1:0${port}/leaf.cer`],
    ['a query', (port) => `http://127.0.0.1:${port}/leaf.cer?x=1`],
    ['a fragment', (port) => `http://127.0.0.1:${port}/leaf.cer#x`],
  ];
  test.each(tricks)('for the certificate: %s', async (_name, address) => {
    const verdict = await check()({ ...headersFor(lone), 'x-ms-certificate-url': address(certificates.port) }, body);
    expect(verdict).toMatchObject({ type: 'refused', status: expect.any(Number) });
    expect([400, 401]).toContain(verdict.type === 'refused' && verdict.status);
    expect(certificates.asked).toEqual([]);
  });

  test.each(tricks)('for its AIA address: %s', async (_name, address) => {
    const leaf = await makeCertificate({ commonName: 'n', issuer: good.intermediate, caIssuers: [address(issuers.port).replace(/[^\x20-\x7e]/g, '')] });
    certificates.files.set('/leaf.cer', leaf.der);
    issuers.files.set('/leaf.cer', good.intermediate.der);
    if (address(0).includes('\t')) return; // an address in a certificate holds no such letter
    expect(await check()(headersFor(leaf), body)).toMatchObject({ status: 401 });
    expect(issuers.asked).toEqual([]);
  });

  test('plain http is refused when the allowed origin is https', async () => {
    const judge = check({ certificateOrigins: [certificates.origin.replace('http:', 'https:')] });
    expect(await judge(headersFor(lone), body)).toMatchObject({ status: 401 });
    expect(certificates.asked).toEqual([]);
  });

  test('a redirect is not followed, from neither server', async () => {
    const away: Answer = (_request, response) => void response.writeHead(302, { location: `${trap.origin}/leaf.cer` }).end();
    issuers.files.set('/ca.crt', away);
    expect(await check()(headersFor(lone), body)).toMatchObject({ status: 401 });
    certificates.files.set('/leaf.cer', away);
    expect(await check()(headersFor(lone), body)).toMatchObject({ status: 401 });
  });

  test('the address of one list is not good for the other', async () => {
    certificates.files.set('/ca.crt', good.intermediate.der);
    const leaf = await makeCertificate({ commonName: 'n', issuer: good.intermediate, caIssuers: [`${certificates.origin}/ca.crt`] });
    certificates.files.set('/leaf.cer', leaf.der);
    expect(await check()(headersFor(leaf), body)).toMatchObject({ status: 401 });
    expect(certificates.asked).toEqual(['/leaf.cer']);
  });
});

describe('servers that misbehave', () => {
  const endless: Answer = (_request, response) => {
    const flow = setInterval(() => response.write(Buffer.alloc(20_000)), 5);
    response.on('close', () => clearInterval(flow));
  };
  const slow: Answer = (_request, response) => {
    const drip = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(drip));
  };
  const cases: [number, string, Answer | Buffer][] = [
    [401, 'a huge file', Buffer.alloc(70_000)],
    [401, 'an endless file', endless],
    [503, 'a file that drips for ever', slow],
    [503, 'no answer at all', () => undefined],
    [503, 'a broken connection', (request) => void request.socket.destroy()],
    [503, 'half a file', (_request, response) => { response.writeHead(200, { 'content-length': '900' }); response.write('a'); setTimeout(() => response.destroy(), 20); }],
    [503, 'an error of the server', (_request, response) => void response.writeHead(500).end()],
    [503, 'not found', (_request, response) => void response.writeHead(404).end()],
  ];
  test.each(cases)('%i for the certificate: %s', async (status, _name, answer) => {
    certificates.files.set('/leaf.cer', answer);
    const began = Date.now();
    expect(await check()(headersFor(lone), body)).toMatchObject({ status });
    expect(Date.now() - began).toBeLessThan(2000);
  });

  test.each(cases)('%i for the intermediate: %s', async (status, _name, answer) => {
    issuers.files.set('/ca.crt', answer);
    expect(await check()(headersFor(lone), body)).toMatchObject({ status });
  });

  test('503 when nobody listens at the allowed origin', async () => {
    const gone = await startServer();
    await gone.close();
    const judge = check({ certificateOrigins: [gone.origin] });
    expect(await judge({ ...headersFor(lone), 'x-ms-certificate-url': `${gone.origin}/leaf.cer` }, body)).toMatchObject({ status: 503 });
  });

  test('an AIA address that leads in a circle ends', async () => {
    const circle = await makeCertificate({ commonName: 'circle', issuer: good.leaf, caIssuers: [`${issuers.origin}/ca.crt`] });
    certificates.files.set('/leaf.cer', circle.der);
    issuers.files.set('/ca.crt', circle.der);
    expect(await check()(headersFor(circle), body)).toMatchObject({ status: 401 });
    expect(issuers.asked.length).toBeLessThan(4);
  });
});

describe('what is remembered', () => {
  test('a hundred events at once fetch the certificate and its intermediate once', async () => {
    const judge = check();
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => judge(headersFor(lone), body)));
    expect(verdicts.every((verdict) => verdict.type === 'genuine')).toBe(true);
    expect([certificates.asked.length, issuers.asked.length]).toEqual([1, 1]);
  });

  test('forged events do not make the door hammer the origin', async () => {
    const judge = check();
    for (let n = 0; n < 20; n += 1) await judge(headersFor(good.leaf), body);
    expect(certificates.asked).toHaveLength(1);
    pass(11_000);
    for (let n = 0; n < 20; n += 1) await judge(headersFor(good.leaf), body);
    expect(certificates.asked).toHaveLength(2);
  });

  test('a certificate renewed at the same address is believed with the first event it signs', async () => {
    const judge = check();
    await judge(headersFor(lone), body);
    certificates.files.set('/leaf.cer', good.leaf.pem + good.intermediate.pem);
    pass(11_000);
    expect(await judge(headersFor(good.leaf), body)).toEqual({ type: 'genuine' });
    expect(await judge(headersFor(lone), body)).toMatchObject({ status: 401 });
  });

  test('a fault is asked about once in two seconds and recovers after them', async () => {
    const judge = check();
    certificates.files.set('/leaf.cer', (_request, response) => void response.writeHead(500).end());
    for (let n = 0; n < 10; n += 1) expect(await judge(headersFor(lone), body)).toMatchObject({ status: 503 });
    expect(certificates.asked).toHaveLength(1);
    certificates.files.set('/leaf.cer', lone.der);
    pass(2_100);
    expect(await judge(headersFor(lone), body)).toEqual({ type: 'genuine' });
  });

  test('what somebody put at the AIA address is forgotten when it proved nothing', async () => {
    const judge = check();
    issuers.files.set('/ca.crt', 'rubbish');
    expect(await judge(headersFor(lone), body)).toMatchObject({ status: 401 });
    issuers.files.set('/ca.crt', good.intermediate.der);
    pass(2_100);
    expect(await judge(headersFor(lone), body)).toEqual({ type: 'genuine' });
  });

  test('a proven certificate serves on while its origin is down, but not beyond a day', async () => {
    const judge = check();
    await judge(headersFor(lone), body);
    certificates.files.set('/leaf.cer', (_request, response) => void response.writeHead(503).end());
    pass(2 * 3600_000);
    expect(await judge(headersFor(lone), body)).toEqual({ type: 'genuine' });
    pass(23 * 3600_000);
    expect(await judge(headersFor(lone), body)).toMatchObject({ status: 503 });
  });

  test('a remembered certificate is refused from the moment it expires', async () => {
    const brief = await makeCertificate({ commonName: 'brief', issuer: good.intermediate, until: new Date(Date.now() + 60_000) });
    certificates.files.set('/leaf.cer', brief.pem + good.intermediate.pem);
    const judge = check();
    expect(await judge(headersFor(brief), body)).toEqual({ type: 'genuine' });
    pass(62_000);
    expect(await judge(headersFor(brief), body)).toMatchObject({ status: 401 });
  });

  test('a flood of other addresses neither runs unbounded nor pushes the proven certificate out', async () => {
    const judge = check();
    await judge(headersFor(lone), body);
    const flood = Array.from({ length: 400 }, (_unused, n) => judge({ ...headersFor(lone), 'x-ms-certificate-url': `${certificates.origin}/none-${n}.cer` }, body));
    expect((await Promise.all(flood)).every((verdict) => verdict.type === 'refused' && verdict.status === 503)).toBe(true);
    expect(certificates.asked.length).toBeLessThan(40);
    expect(await judge(headersFor(lone), body)).toEqual({ type: 'genuine' });
  });
});

test('roots that cannot be read are refused when the check is made', () => {
  expect(() => check({ roots: ['nothing'] })).toThrow('without a PEM certificate');
});

test("Node's own roots are the default, and do not trust a stranger", async () => {
  certificates.files.set('/leaf.cer', good.leaf.pem + good.intermediate.pem + good.root.pem);
  expect(await check({ roots: undefined })(headersFor(good.leaf), body)).toMatchObject({ status: 401 });
});

function check(changed: Partial<SignatureCheckOptions> = {}): SignatureCheck {
  return createSignatureCheck({
    certificateOrigins: [certificates.origin], issuerOrigins: [issuers.origin], roots: [good.root.pem],
    organization: 'Microsoft Corporation', now: () => time, fetchTimeoutMs: 400, ...changed,
  });
}

function headersFor(signer: MadeCertificate, changed: Record<string, string> = {}, hash = 'sha256'): Record<string, string> {
  return {
    'x-ms-signature': `Signature ${signBody(signer, body, hash)}`,
    'x-ms-certificate-url': `${certificates.origin}/leaf.cer`,
    'x-ms-signature-algorithm': 'rsa-sha256',
    ...changed,
  };
}

async function below(intermediate: Partial<Parameters<typeof makeCertificate>[0]>): Promise<{ leaf: MadeCertificate; rest: MadeCertificate[] }> {
  const issuer = await makeCertificate({ commonName: 'Other Issuing CA', issuer: good.root, ca: true, ...intermediate });
  return { leaf: await makeCertificate({ commonName: 'n', issuer }), rest: [issuer] };
}

async function leafWith(changed: Partial<Parameters<typeof makeCertificate>[0]>): Promise<{ leaf: MadeCertificate; rest: MadeCertificate[] }> {
  return { leaf: await makeCertificate({ commonName: 'n', issuer: good.intermediate, ...changed }), rest: [good.intermediate] };
}

function pass(milliseconds: number): void {
  time = new Date(time.getTime() + milliseconds);
}

async function startServer(): Promise<TestServer> {
  const asked: string[] = [];
  const files: TestServer['files'] = new Map();
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = files.get(request.url ?? '');
    if (typeof file === 'function') file(request, response);
    else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: TestServer = {
    origin: `http://127.0.0.1:${port}`, port, asked, files, connections: 0,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
  server.on('connection', () => { state.connections += 1; });
  return state;
}
