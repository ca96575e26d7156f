import {
  BusError,
  MARK_HEADER,
  MESSAGE_ID_HEADER,
  pause,
  type MessageBus,
  type StoredMessage,
} from '@tollgate/journal';
import type { BusBench } from './bus-bench.js';

const WAIT_MS = 5_000;
const SHORT_MS = 300;
/** Until a client library has noticed that its consumer is gone. */
const GONE_MS = 20_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** The code of what a promise is rejected with; undefined when it is not. */
const refusal = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof BusError ? error.code : String(error)),
  );

/** What Tollgate leans on of its broker: the same tests for the simulated and for the real one. */
export function describeMessageBus(broker: string, open: () => Promise<BusBench>): void {
  describe(`the message bus, ${broker}`, () => {
    let bench: BusBench;
    let bus: MessageBus;
    let stream: string;
    let streams = 0;
    beforeAll(async () => {
      bench = await open();
    }, 30_000);
    afterAll(() => bench.close());
    beforeEach(async () => {
      stream = await bench.makeStream(`s${++streams}`);
      bus = await bench.connect();
    });
    afterEach(() => bus.close());

    const subject = (name: string): string => `s${streams}.${name}`;
    /** Where no stream listens. */
    const plain = (name: string): string => `plain.${subject(name)}`;
    const put = (name: string, body: string, expect = {}): Promise<number> =>
      bus.append(subject(name), bytes(body), expect);
    async function eventually(holds: () => boolean | Promise<boolean>, withinMs = WAIT_MS): Promise<void> {
      const until = bench.clock.now() + withinMs;
      while (!(await holds())) {
        if (bench.clock.now() > until) throw new Error('did not happen in time');
        await pause(bench.clock, 5);
      }
    }
    async function reading(after: number, only?: string): Promise<{ seen: string[]; stop(): Promise<void> }> {
      const seen: string[] = [];
      const reader = await bus.read({
        stream,
        ...(only === undefined ? {} : { subject: subject(only) }),
        after,
        onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`),
      });
      return { seen, stop: () => reader.stop() };
    }

    describe('an append', () => {
      it('gets the next sequence of its stream, whatever its subject', async () => {
        expect([await put('a', '1'), await put('b', '2'), await put('a', '3')]).toEqual([1, 2, 3]);
      });

      it('that expects the last sequence is refused when another is the last, also on an empty stream', async () => {
        expect(await refusal(put('a', 'x', { lastSeq: 1 }))).toBe('wrong_last_sequence');
        expect(await put('a', 'x', { lastSeq: 0 })).toBe(1);
        expect(await refusal(put('a', 'y', { lastSeq: 0 }))).toBe('wrong_last_sequence');
        expect(await refusal(put('b', 'y', { lastSeq: 2 }))).toBe('wrong_last_sequence');
        expect(await put('b', 'y', { lastSeq: 1 })).toBe(2);
        expect(await bus.endOf(stream)).toBe(2);
      });

      it("that expects its subject's last sequence does not mind the others", async () => {
        expect(await put('a', 'x', { lastSubjectSeq: 0 })).toBe(1);
        expect(await put('b', 'x', { lastSubjectSeq: 0 })).toBe(2);
        expect(await refusal(put('a', 'y', { lastSubjectSeq: 0 }))).toBe('wrong_last_sequence');
        expect(await refusal(put('a', 'y', { lastSubjectSeq: 2 }))).toBe('wrong_last_sequence');
        expect(await put('a', 'y', { lastSubjectSeq: 1 })).toBe(3);
      });

      it('of several writers that expect the same has one winner', async () => {
        const writers = await Promise.all([1, 2, 3, 4].map(() => bench.connect()));
        const outcomes = await Promise.all(
          writers.map((writer, n) => refusal(writer.append(subject('a'), bytes(String(n)), { lastSeq: 0 }))),
        );
        expect(outcomes.filter((code) => code === undefined)).toHaveLength(1);
        expect(outcomes.filter((code) => code === 'wrong_last_sequence')).toHaveLength(3);
        expect(await bus.endOf(stream)).toBe(1);
        await Promise.all(writers.map((writer) => writer.close()));
      });

      it('sent before the one before it is acknowledged is stored behind it', async () => {
        const outcomes = [0, 1, 2, 3, 4, 5, 6, 7].map((lastSeq) => refusal(put('a', String(lastSeq), { lastSeq })));
        expect(new Set(await Promise.all(outcomes))).toEqual(new Set([undefined]));
        expect(text((await bus.message(stream, 8))!.data)).toBe('7');
      });

      it('is refused like the one before it that it builds on', async () => {
        const outcomes = [5, 6, 7].map((lastSeq) => refusal(put('a', String(lastSeq), { lastSeq })));
        expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['wrong_last_sequence']));
        expect(await bus.endOf(stream)).toBe(0);
      });

      it('that expects the id of the last message is refused when another stands there', async () => {
        const named = (id: string, expect = {}) =>
          bus.append(subject('a'), bytes(id), expect, undefined, { [MESSAGE_ID_HEADER]: id });
        expect(await refusal(named('one', { lastMessageId: 'none' }))).toBe('wrong_last_sequence');
        expect(await named('two')).toBe(1);
        expect(await refusal(named('three', { lastMessageId: 'one' }))).toBe('wrong_last_sequence');
        expect(await named('four', { lastSeq: 1, lastMessageId: 'two' })).toBe(2);
      });

      it('sent at once with those before it by two writers: one has them all, the other none', async () => {
        const writers = await Promise.all([bench.connect(), bench.connect()]);
        const sent = writers.flatMap((writer, w) =>
          [0, 1, 2, 3, 4, 5].map((lastSeq) =>
            refusal(
              writer.append(
                subject('a'),
                bytes(String(w)),
                lastSeq === 0 ? { lastSeq } : { lastSeq, lastMessageId: `${w}.${lastSeq}` },
                undefined,
                { [MESSAGE_ID_HEADER]: `${w}.${lastSeq + 1}` },
              ),
            ),
          ),
        );
        await Promise.all(sent);
        const stored = await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => bus.message(stream, seq)));
        expect(new Set(stored.map((message) => message && text(message.data))).size).toBe(1);
        expect(await bus.endOf(stream)).toBe(6);
        await Promise.all(writers.map((writer) => writer.close()));
      });

      it('without an acknowledgement in time is a timeout, and lands all the same', async () => {
        await put('a', 'before');
        const speak = bench.hush();
        const late = await refusal(bus.append(subject('a'), bytes('late'), { lastSeq: 1 }, SHORT_MS));
        speak();
        expect(late).toBe('timeout');
        await eventually(async () => (await bus.endOf(stream)) === 2);
        expect(text((await bus.message(stream, 2))!.data)).toBe('late');
        expect(await refusal(put('a', 'again', { lastSeq: 1 }))).toBe('wrong_last_sequence');
      });
    });

    describe('a look', () => {
      it('at what is not there says so', async () => {
        const { first, last } = await bus.rangeOf(stream);
        expect([first <= 1, last, await bus.endOf(stream)]).toEqual([true, 0, 0]);
        expect(await bus.endOfSubject(stream, subject('a'))).toBe(0);
        expect(await bus.lastOf(stream, subject('a'))).toBeUndefined();
        expect(await bus.message(stream, 1)).toBeUndefined();
        expect(await bus.headerOf(stream, 1, MARK_HEADER)).toBeUndefined();
      });

      it('shows what was appended, with its headers and the time of the broker', async () => {
        const earliest = bench.clock.now() - 1_000;
        await bus.append(subject('a'), bytes('one'), {}, undefined, { [MARK_HEADER]: 'word', More: 'yes' });
        await put('b', 'two');
        const [one, two] = [await bus.message(stream, 1), await bus.lastOf(stream, subject('b'))];
        expect(one).toMatchObject({ seq: 1, subject: subject('a'), mark: 'word' });
        expect(two).toMatchObject({ seq: 2, subject: subject('b'), mark: '' });
        expect([text(one!.data), text(two!.data)]).toEqual(['one', 'two']);
        expect(one!.stampMs).toBeGreaterThan(earliest);
        expect(two!.stampMs).toBeGreaterThanOrEqual(one!.stampMs);
        expect(await bus.headerOf(stream, 1, 'More')).toBe('yes');
        expect(await bus.headerOf(stream, 2, 'More')).toBe('');
        expect(await bus.rangeOf(stream)).toEqual({ first: 1, last: 2 });
        expect([await bus.endOfSubject(stream, subject('a')), await bus.endOf(stream)]).toEqual([1, 2]);
      });
    });

    describe('a purge', () => {
      it('removes what lies before a sequence; what is appended then is numbered on', async () => {
        for (const body of ['1', '2', '3']) await put('a', body);
        await bus.purge(stream, 3);
        expect(await bus.rangeOf(stream)).toEqual({ first: 3, last: 3 });
        expect(await bus.message(stream, 2)).toBeUndefined();
        const { seen, stop } = await reading(0);
        expect(await put('a', '4', { lastSeq: 3 })).toBe(4);
        await eventually(() => seen.length >= 2);
        expect(seen).toEqual(['3:3', '4:4']);
        await stop();
      });

      it('of what lies before the first message removes nothing', async () => {
        await put('a', '1');
        for (const before of [0, 1]) await bus.purge(stream, before);
        await bus.purge(stream, 1, subject('a'));
        expect(await bus.rangeOf(stream)).toEqual({ first: 1, last: 1 });
      });

      it('of all leaves the end where it was', async () => {
        await put('a', '1');
        await bus.purge(stream, 2);
        expect(await bus.endOf(stream)).toBe(1);
        expect(await bus.lastOf(stream, subject('a'))).toBeUndefined();
        expect(await put('a', '2', { lastSeq: 1, lastSubjectSeq: 0 })).toBe(2);
      });

      it('of one subject leaves the others', async () => {
        for (const name of ['a', 'b', 'a', 'b']) await put(name, name);
        await bus.purge(stream, 4, subject('a'));
        expect(await bus.rangeOf(stream)).toEqual({ first: 2, last: 4 });
        expect([await bus.message(stream, 1), await bus.message(stream, 3)]).toEqual([undefined, undefined]);
        const { seen, stop } = await reading(0);
        await eventually(() => seen.length >= 2);
        expect(seen).toEqual(['2:b', '4:b']);
        await stop();
      });
    });

    describe('a reader', () => {
      it('gets everything in order, what is there and what comes, until it is stopped', async () => {
        for (let n = 1; n <= 20; n += 1) await put(n % 3 === 0 ? 'b' : 'a', `m${n}`);
        const { seen, stop } = await reading(0);
        for (let n = 21; n <= 40; n += 1) await put('a', `m${n}`);
        await eventually(() => seen.length >= 40);
        expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => `${n + 1}:m${n + 1}`));
        await stop();
        await put('a', 'm41');
        await pause(bench.clock, SHORT_MS);
        expect(seen).toHaveLength(40);
      });

      it('of one subject misses none of it and gets nothing else', async () => {
        for (let n = 1; n <= 12; n += 1) await put(n % 3 === 0 ? 'b' : 'a', `m${n}`);
        const { seen, stop } = await reading(3, 'b');
        await put('b', 'm13');
        await eventually(() => seen.length >= 4);
        await pause(bench.clock, SHORT_MS);
        expect(seen).toEqual(['6:m6', '9:m9', '12:m12', '13:m13']);
        await stop();
      });

      it('goes on behind a sequence, also one that is not there yet', async () => {
        for (let n = 1; n <= 5; n += 1) await put('a', `m${n}`);
        const [behind, ahead] = [await reading(3), await reading(7)];
        for (let n = 6; n <= 9; n += 1) await put('a', `m${n}`);
        await eventually(() => behind.seen.length >= 6 && ahead.seen.length >= 2);
        expect(behind.seen).toEqual(['4:m4', '5:m5', '6:m6', '7:m7', '8:m8', '9:m9']);
        expect(ahead.seen).toEqual(['8:m8', '9:m9']);
        await Promise.all([behind.stop(), ahead.stop()]);
      });

      it('gets the same message as a look', async () => {
        await bus.append(subject('a'), bytes('one'), {}, undefined, { [MARK_HEADER]: 'word' });
        const read = await new Promise<StoredMessage>((resolve, reject) => {
          bus.read({ stream, after: 0, onMessage: resolve }).catch(reject);
        });
        const looked = await bus.message(stream, 1);
        expect({ ...read, data: text(read.data) }).toEqual({ ...looked, data: text(looked!.data) });
      });
    });

    describe('a reader of a stream that came back as another one', () => {
      async function readAndCutBack(keep: number): Promise<{ seen: string[]; errors: Error[] }> {
        for (const n of [1, 2, 3, 4]) await put('a', `m${n}`);
        const [seen, errors]: [string[], Error[]] = [[], []];
        await bus.read({
          stream,
          subject: subject('a'),
          after: 0,
          onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`),
          onError: (error) => errors.push(error),
        });
        await eventually(() => seen.length === 4);
        await bench.cutBack(stream, keep);
        return { seen, errors };
      }

      it.each([
        ['empty', 0, 2],
        ['without its tail', 2, 1],
        ['without its tail, and is longer again', 3, 5],
      ])(
        '%s, ends with the next message, and passes none on',
        async (_how, keep, more) => {
          const { seen, errors } = await readAndCutBack(keep);
          for (let n = 1; n <= more; n += 1) await put('a', `new${n}`);
          const until = bench.clock.now() + GONE_MS;
          while (errors.length === 0 && bench.clock.now() < until) await pause(bench.clock, 20);
          expect(errors).toMatchObject([{ code: 'unavailable' }]);
          expect(seen).toEqual(['1:m1', '2:m2', '3:m3', '4:m4']);
        },
        30_000,
      );
    });

    describe('a plain message', () => {
      const heardOn = (on: MessageBus, name: string): { readonly heard: string[]; readonly stop: () => void } => {
        const heard: string[] = [];
        return { heard, stop: on.listen(plain(name), (body) => heard.push(text(body))) };
      };

      it('is heard by everybody who listens, and not stored', async () => {
        const other = await bench.connect();
        const [one, two, elsewhere] = [heardOn(bus, 'p'), heardOn(other, 'p'), heardOn(bus, 'q')];
        await Promise.all([bus.ping(WAIT_MS), other.ping(WAIT_MS)]);
        bus.say(plain('elsewhere'), bytes('nobody listens'));
        bus.say(plain('p'), bytes('hello'));
        await eventually(() => one.heard.length + two.heard.length === 2);
        one.stop();
        await bus.ping(WAIT_MS);
        other.say(plain('p'), bytes('again'));
        await eventually(() => two.heard.length === 2);
        await pause(bench.clock, SHORT_MS);
        expect([one.heard, two.heard, elsewhere.heard]).toEqual([['hello'], ['hello', 'again'], []]);
        await other.close();
      });

      it('that asks is answered by whoever can', async () => {
        const other = await bench.connect();
        bus.answer(plain('ask'), () => Promise.resolve(undefined));
        other.answer(plain('ask'), (question) => Promise.resolve(`${question}!`));
        await Promise.all([bus.ping(WAIT_MS), other.ping(WAIT_MS)]);
        expect(text(await bus.ask(plain('ask'), bytes('well'), WAIT_MS))).toBe('well!');
        await other.close();
      });

      it('that asks is told when nobody answers, or nobody is there', async () => {
        bus.answer(plain('ask'), () => Promise.resolve(undefined));
        await bus.ping(WAIT_MS);
        expect(await refusal(bus.ask(plain('ask'), bytes('?'), SHORT_MS))).toBe('unavailable');
        const began = bench.clock.now();
        expect(await refusal(bus.ask(plain('nobody'), bytes('?'), 4 * WAIT_MS))).toBe('unavailable');
        expect(bench.clock.now() - began).toBeLessThan(WAIT_MS);
      });
    });

    describe('a connection', () => {
      it('that is closed ends what is under way, and delivers nothing any more', async () => {
        const closing = await bench.connect();
        const seen: string[] = [];
        await closing.read({ stream, after: 0, onMessage: ({ data }) => seen.push(text(data)) });
        closing.listen(plain('p'), (body) => seen.push(text(body)));
        await closing.ping(WAIT_MS);
        const speak = bench.hush();
        const appending = refusal(closing.append(subject('a'), bytes('under way')));
        await closing.close();
        expect(await appending).toBe('timeout');
        speak();
        expect(await closing.closed).toBeUndefined();
        expect(await refusal(closing.append(subject('a'), bytes('after')))).toBe('unavailable');
        await put('a', 'later');
        bus.say(plain('p'), bytes('hello'));
        await pause(bench.clock, SHORT_MS);
        expect(seen).toEqual([]);
      });

      it('that breaks says so, and what was under way may be stored or not', async () => {
        const breaking = await bench.connect();
        const speak = bench.hush();
        const appending = refusal(breaking.append(subject('a'), bytes('under way'), {}, 60_000));
        await bench.sever(breaking);
        speak();
        expect(await breaking.closed).toHaveProperty('message');
        expect(await appending).toBe('timeout');
        expect(await refusal(breaking.append(subject('a'), bytes('after')))).toBe('unavailable');
      });
    });

    describe('a connection that comes back by itself', () => {
      let lasting: MessageBus;
      beforeEach(async () => {
        lasting = await bench.connectForGood();
      });
      afterEach(() => lasting.close());

      it('reads on where it was: it misses nothing and repeats nothing', async () => {
        const seen: string[] = [];
        await lasting.read({ stream, after: 0, onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`) });
        await put('a', 'before');
        await eventually(() => seen.length === 1);
        const interruption = await bench.interrupt(lasting);
        await put('a', 'meanwhile');
        interruption.over();
        await put('b', 'then');
        await eventually(() => seen.length >= 3, GONE_MS);
        await pause(bench.clock, SHORT_MS);
        expect(seen).toEqual(['1:before', '2:meanwhile', '3:then']);
      }, 30_000);

      it('hears and answers again', async () => {
        const heard: string[] = [];
        lasting.listen(plain('p'), (body) => heard.push(text(body)));
        lasting.answer(plain('ask'), (question) => Promise.resolve(`${question}!`));
        await lasting.ping(WAIT_MS);
        (await bench.interrupt(lasting)).over();
        await eventually(async () => (await refusal(bus.ask(plain('ask'), bytes('?'), SHORT_MS))) === undefined);
        expect(text(await bus.ask(plain('ask'), bytes('well'), WAIT_MS))).toBe('well!');
        bus.say(plain('p'), bytes('hello'));
        await eventually(() => heard.length === 1);
      });

      it('forgets what it was given without a connection', async () => {
        const heard: string[] = [];
        bus.listen(plain('p'), (body) => heard.push(text(body)));
        await bus.ping(WAIT_MS);
        const interruption = await bench.interrupt(lasting);
        lasting.say(plain('p'), bytes('said'));
        expect(await refusal(lasting.append(subject('a'), bytes('lost'), {}, SHORT_MS / 2))).toBe('timeout');
        interruption.over();
        await eventually(async () => (await refusal(lasting.ping(SHORT_MS))) === undefined);
        expect(await lasting.append(subject('a'), bytes('after'))).toBe(1);
        expect(heard).toEqual([]);
      });

      it('sends what it was given while it dialled once it is through, also where the sender has given up', async () => {
        const heard: string[] = [];
        bus.listen(plain('p'), (body) => heard.push(text(body)));
        await bus.ping(WAIT_MS);
        const interruption = await bench.interrupt(lasting);
        await interruption.dials();
        lasting.say(plain('p'), bytes('said'));
        expect(await refusal(lasting.append(subject('a'), bytes('late'), {}, 0))).toBe('timeout');
        interruption.over();
        await eventually(async () => (await bus.endOf(stream)) === 1 && heard.length === 1);
        expect(text((await bus.message(stream, 1))!.data)).toBe('late');
      });

      it('tells who waits for an acknowledgement that does not come, and goes on', async () => {
        const speak = bench.hush();
        const appending = refusal(lasting.append(subject('a'), bytes('under way'), {}, WAIT_MS));
        const interruption = await bench.interrupt(lasting);
        speak();
        interruption.over();
        expect(await appending).toBe('timeout');
        await eventually(async () => (await refusal(lasting.append(subject('a'), bytes('after')))) === undefined);
      }, 30_000);

      it('is closed by nothing but its client', async () => {
        let closed = false;
        void lasting.closed.then(() => (closed = true));
        (await bench.interrupt(lasting)).over();
        await eventually(async () => (await refusal(lasting.ping(SHORT_MS))) === undefined);
        expect(closed).toBe(false);
        await lasting.close();
        expect(await lasting.closed).toBeUndefined();
        expect(await refusal(lasting.append(subject('a'), bytes('after')))).toBe('unavailable');
      });
    });
  });
}
