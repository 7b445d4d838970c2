/** Ends a call of which nothing comes for a while. */
export class Silence {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private readonly timer: NodeJS.Timeout;

  /** @param limitMs milliseconds */
  constructor(limitMs: number) {
    this.timer = setTimeout(() => this.controller.abort('silence'), limitMs);
  }

  watched<T>(stream: ReadableStream<T>): ReadableStream<T> {
    return stream.pipeThrough(
      new TransformStream<T, T>({
        transform: (part, controller) => {
          this.timer.refresh();
          controller.enqueue(part);
        },
      }),
    );
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
