import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, throwError, type Observable } from 'rxjs';
import { questionPattern } from './decides.js';
import type { Answer, Decide, Turn } from './stage-definition.js';
import type { RunnerOptions } from './runner-options.js';
import { StageRunner } from './stage-runner.js';

export type JournalServerOptions<S> = Omit<RunnerOptions<S>, 'decide' | 'answer' | 'partition'> & {
  readonly partitions: number;
};

/**
 * Nest's transport for stages: the handlers of a controller (`@EventPattern('<source>/<event type>')`) are its decisions.
 * Does the protocol's rules 1 to 4 and 14 once for all stages, one runner for each partition.
 */
export class JournalServer<S> extends Server implements CustomTransportStrategy {
  readonly runners: readonly StageRunner<S>[];

  constructor(options: JournalServerOptions<S>) {
    super();
    this.runners = Array.from(
      { length: options.partitions },
      (_, partition) => new StageRunner<S>({ ...options, partition, decide: this.decide, answer: this.answer }),
    );
  }

  listen(callback: (error?: unknown) => void): void {
    for (const runner of this.runners) runner.start();
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  on(): void {
    throw new Error('a stage has no transport events');
  }

  unwrap<T>(): T {
    return this.runners as T;
  }

  private readonly decide: Decide<S> = (pattern, input, turn) =>
    this.handled(pattern, input, turn) as ReturnType<Decide<S>>;

  private readonly answer: Answer<S> = (about, details, turn) => this.handled(questionPattern(about), details, turn);

  private handled(pattern: string, input: unknown, turn: Turn<S>): Promise<unknown> | undefined {
    const handler = this.getHandlerByPattern(pattern);
    if (handler === null) return undefined;
    return Promise.resolve(handler(input, turn)).then((answer: unknown) => {
      // Nest turns a throw into an observable that fails; what is decided or answered itself is never one.
      if (isObservable(answer)) throw new DecisionFailed();
      return answer;
    });
  }
}

export class DecisionFailed extends Error {
  override readonly name = 'DecisionFailed';
}

/** Keeps Nest from logging the text of what a decision threw, which may quote its input (G6). */
@Catch()
export class DecisionFilter implements RpcExceptionFilter<unknown> {
  catch(_exception: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => new DecisionFailed());
  }
}
