// The schedule on a real PostgreSQL: one server for all its cases, a clean table for each.
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { bench, openBench } from './bench';
import './chores.cases';
import './gates.cases';
import './kill.cases';
import './session.cases';
import './work.cases';

beforeAll(() => openBench());
afterEach(() => bench.clear());
afterAll(() => bench.close());
