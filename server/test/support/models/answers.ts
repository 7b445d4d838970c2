/** What a scripted model server answers to one request. */
export type ScriptedAnswer =
  | MessageAnswer
  /** An HTTP error before any content. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** An error that is told within the stream, after the text. */
  | { readonly kind: 'stream_error'; readonly text: string; readonly type: string }
  /** The connection is cut after the text, before the answer ends. */
  | { readonly kind: 'cut'; readonly text: string }
  /** The stream ends in good order after the text, before the answer ends. */
  | { readonly kind: 'early_end'; readonly text: string }
  /** The answer goes on in the answer to a further request, as Gemini has it. */
  | { readonly kind: 'to_be_continued' }
  /** Bytes that are no event of the protocol, with status 200. */
  | { readonly kind: 'garbage'; readonly body: string }
  /** Text is sent, then nothing more until the client goes away. */
  | { readonly kind: 'hang'; readonly text: string }
  | { readonly kind: 'redirect'; readonly location: string };

export interface MessageAnswer {
  readonly kind: 'message';
  readonly text?: string;
  /** Put into the text as they are, inside a JSON string of the protocol. */
  readonly rawBytes?: Buffer;
  readonly tools?: readonly ScriptedTool[];
  /** null: the server tells no usage. */
  readonly usage: ScriptedUsage | null;
}

export interface ScriptedTool {
  readonly name: string;
  /** A text is sent as it is: it may be no JSON. */
  readonly input: object | string;
}

export interface ScriptedUsage {
  /** Without those read from or written to a cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export const inputText = ({ input }: ScriptedTool): string =>
  typeof input === 'string' ? input : JSON.stringify(input);

/** Cut into pieces as a model streams it; long texts into long pieces. */
export function pieces(text: string): string[] {
  const size = text.length > 10_000 ? 65_536 : 24;
  const cut: string[] = [];
  for (let at = 0; at < text.length; at += size) cut.push(text.slice(at, at + size));
  return cut;
}
