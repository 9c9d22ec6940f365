// The pages of the try-out: what changes is pushed to the pages that are open (server-sent events), many changes in a row as one.
import type { PageRoute } from './pageServer';

export interface Channel {
  /** Something is another: whoever watches gets the newest state within `every` milliseconds. */
  touch(): void;
  readonly route: PageRoute;
  close(): void;
}

export interface ChannelOptions {
  /** Path at which pages listen. */
  readonly path: RegExp;
  /** The state as it is now, sent whole. */
  show(): unknown;
  /** At most one message in this time, milliseconds (80). */
  readonly every?: number;
}

const STILL_THERE_MS = 20_000;

export function openChannel({ path, show, every = 80 }: ChannelOptions): Channel {
  const watching = new Set<(text: string) => void>();
  let timer: NodeJS.Timeout | undefined;
  const message = (): string => `data: ${JSON.stringify(show())}\n\n`;
  const push = (): void => {
    timer = undefined;
    const text = message();
    for (const write of watching) write(text);
  };
  // A browser notices a server that is gone only by silence.
  const beat = setInterval(() => watching.forEach((write) => write(': still there\n\n')), STILL_THERE_MS).unref();
  return {
    touch() {
      if (watching.size > 0) timer ??= setTimeout(push, every).unref();
    },
    route: {
      method: 'GET',
      path,
      handle: () => ({
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
        body: (write) => {
          watching.add(write);
          write('retry: 1000\n');
          write(message());
          return () => void watching.delete(write);
        },
      }),
    },
    close() {
      clearInterval(beat);
      clearTimeout(timer);
      watching.clear();
    },
  };
}
