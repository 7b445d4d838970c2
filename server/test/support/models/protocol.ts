import type { MessageAnswer } from './answers.js';

/** How the answers of a kind of model server look on the wire. */
export interface WireProtocol {
  readonly contentType: string;
  whole(answer: MessageAnswer, model: string, id: string): Iterable<Buffer>;
  /** The beginning of an answer, up to the end of the text. */
  beginning(text: string, model: string, id: string): Iterable<Buffer>;
  /** An error within the stream. */
  errorEvent(type: string, message: string): Buffer;
  /** The body of an HTTP error. */
  errorBody(status: number, message: string): object;
}

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** An event of server-sent events, without a name. */
export const dataEvent = (value: object): Buffer => Buffer.from(`data: ${JSON.stringify(value)}\n\n`);

/** A frame of text that is built around bytes that may be no text. */
export function around(frame: (marked: string) => Buffer, bytes: Buffer): Buffer {
  const [before = '', after = ''] = frame('%RAW%').toString().split('%RAW%');
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}
