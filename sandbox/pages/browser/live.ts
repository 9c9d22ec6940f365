// The pages of the try-out, in the browser: state that the server pushes, and deeds that are posted to it.

export interface Live<State> {
  readonly state: State | undefined;
  /** False while the server cannot be reached. */
  readonly isConnected: boolean;
}

/** Follows a channel of the server while the page can be seen: a browser keeps six connections to one address, and people open many tabs. */
export function useLive<State>(path: string): Live<State> {
  const [live, setLive] = React.useState<Live<State>>({ state: undefined, isConnected: true });
  React.useEffect(() => {
    let source: EventSource | undefined;
    const follow = (): void => {
      source?.close();
      source = undefined;
      if (document.hidden) return;
      source = new EventSource(path);
      source.onmessage = ({ data }: MessageEvent<string>) => setLive({ state: JSON.parse(data) as State, isConnected: true });
      source.onerror = () => setLive((before) => ({ ...before, isConnected: false }));
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      source?.close();
    };
  }, [path]);
  return live;
}

export interface Refused {
  readonly message: string;
  readonly target?: string;
}

/** Posts a deed; answers why it was refused, or nothing. */
export async function post(path: string, body: unknown = {}): Promise<Refused | undefined> {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.ok) return undefined;
    const { error } = (await answer.json()) as { error?: Refused };
    return error ?? { message: String(answer.status) };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}
