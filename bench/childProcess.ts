// Bench: a program of the benchmark in a process of its own, asked by messages.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process answers to, by name; arguments and results travel as JSON. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

export interface AskedProcess<A extends Answers> {
  ask<N extends keyof A & string>(name: N, ...argument: Parameters<A[N]>): Promise<Awaited<ReturnType<A[N]>>>;
  stop(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

type Reply = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };

/** Starts this same file once more, in a role. @throws (from `ask`) what the other process threw, as text, or that it ended */
export function startRole<A extends Answers>(role: string): AskedProcess<A> {
  const child = fork(fileURLToPath(import.meta.url), [role], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let next = 0;
  child.on('message', (reply: Reply) => {
    const asker = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asker?.reject(new Error(`${role}: ${reply.error}`));
    else asker?.resolve(reply.result);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => waiting.forEach(({ reject }) => reject(new Error(`The process of the ${role} ended.`))));
  return {
    ask: (name, ...[argument]) => new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      child.send({ id, name, argument } satisfies Question);
    }),
    stop: () => end(child, ended),
  };
}

/** Answers the process that started this one, and ends with it. */
export function answerQuestions(answers: Answers): void {
  const send = (reply: Reply): void => void process.send?.(reply);
  process.on('message', ({ id, name, argument }: Question) => {
    const answer = answers[name];
    Promise.resolve()
      .then(() => answer?.(argument as never))
      .then((result) => send({ id, result }), (error: unknown) => send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
  });
  process.on('disconnect', () => process.exit(0));
}

/** A process that does not end by itself when its parent lets go of it is killed after 5 s. */
async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
