// What a thrown value means to the schedule.
import { expect, test } from '@jest/globals';
import { classify } from '../../../plugins-proxy/schedule/judge';

const databaseError = (code: string): Error => Object.assign(new Error('It failed.'), { code });

test.each([
  ['08006', 'connection lost'], ['25006', 'read-only after a failover, or on a full disk'], ['25P03', 'idle in a transaction for too long'], ['40P01', 'deadlock'], ['53300', 'no connection left'],
  ['55P03', 'a lock that did not come in time'], ['57014', 'statement time-out'], ['57P01', 'shut down'], ['58030', 'disk error'], ['ECONNRESET', 'reset'],
])('an accident of our own database (%s: %s) is nobody\'s bug', (code) => {
  expect(classify(databaseError(code))).toEqual({ class: 'remote', why: 'The database did not answer.' });
});

test.each(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable', 'timeout exceeded when trying to connect', 'Query read timeout'])('nor is what its driver says without a code: %s', (message) => {
  expect(classify(new Error(message)).class).toBe('remote');
});

test.each(['22P02', '23505', '40002', '42P01'])('a statement that is wrong (%s) is one', (code) => {
  expect(classify(databaseError(code))).toEqual({ class: 'bug', why: 'Error: It failed.' });
});
