import { MARK_HEADER, MESSAGE_ID_HEADER, pause, type MessageBus, type StoredMessage } from '@tollgate/journal';
import type { BusBench } from './bus-bench.js';
import { BusTest, GONE_MS, SHORT_MS, WAIT_MS, bytes, refusal, text } from './bus-test.js';

/** What Tollgate leans on of its broker: the same tests for the simulated and for the real one. */
export function describeMessageBus(broker: string, open: () => Promise<BusBench>): void {
  describe(`the message bus, ${broker}`, () => {
    const on = new BusTest(open);

    describe('an append', () => {
      it('gets the next sequence of its stream, whatever its subject', async () => {
        expect([await on.put('a', '1'), await on.put('b', '2'), await on.put('a', '3')]).toEqual([1, 2, 3]);
      });

      it('that expects the last sequence is refused when another is the last, also on an empty stream', async () => {
        expect(await refusal(on.put('a', 'x', { lastSeq: 1 }))).toBe('wrong_last_sequence');
        expect(await on.put('a', 'x', { lastSeq: 0 })).toBe(1);
        expect(await refusal(on.put('a', 'y', { lastSeq: 0 }))).toBe('wrong_last_sequence');
        expect(await refusal(on.put('b', 'y', { lastSeq: 2 }))).toBe('wrong_last_sequence');
        expect(await on.put('b', 'y', { lastSeq: 1 })).toBe(2);
        expect(await on.bus.endOf(on.stream)).toBe(2);
      });

      it("that expects its subject's last sequence does not mind the others", async () => {
        expect(await on.put('a', 'x', { lastSubjectSeq: 0 })).toBe(1);
        expect(await on.put('b', 'x', { lastSubjectSeq: 0 })).toBe(2);
        expect(await refusal(on.put('a', 'y', { lastSubjectSeq: 0 }))).toBe('wrong_last_sequence');
        expect(await refusal(on.put('a', 'y', { lastSubjectSeq: 2 }))).toBe('wrong_last_sequence');
        expect(await on.put('a', 'y', { lastSubjectSeq: 1 })).toBe(3);
      });

      it('of several writers that expect the same has one winner', async () => {
        const writers = await Promise.all([1, 2, 3, 4].map(() => on.bench.connect()));
        const outcomes = await Promise.all(
          writers.map((writer, n) => refusal(writer.append(on.subject('a'), bytes(String(n)), { lastSeq: 0 }))),
        );
        expect(outcomes.filter((code) => code === undefined)).toHaveLength(1);
        expect(outcomes.filter((code) => code === 'wrong_last_sequence')).toHaveLength(3);
        expect(await on.bus.endOf(on.stream)).toBe(1);
        await Promise.all(writers.map((writer) => writer.close()));
      });

      it('sent before the one before it is acknowledged is stored behind it', async () => {
        const outcomes = [0, 1, 2, 3, 4, 5, 6, 7].map((lastSeq) => refusal(on.put('a', String(lastSeq), { lastSeq })));
        expect(new Set(await Promise.all(outcomes))).toEqual(new Set([undefined]));
        expect(text((await on.bus.message(on.stream, 8))!.data)).toBe('7');
      });

      it('is refused like the one before it that it builds on', async () => {
        const outcomes = [5, 6, 7].map((lastSeq) => refusal(on.put('a', String(lastSeq), { lastSeq })));
        expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['wrong_last_sequence']));
        expect(await on.bus.endOf(on.stream)).toBe(0);
      });

      it('that expects the id of the last message is refused when another stands there', async () => {
        const named = (id: string, expect = {}) =>
          on.bus.append(on.subject('a'), bytes(id), expect, undefined, { [MESSAGE_ID_HEADER]: id });
        expect(await refusal(named('one', { lastMessageId: 'none' }))).toBe('wrong_last_sequence');
        expect(await named('two')).toBe(1);
        expect(await refusal(named('three', { lastMessageId: 'one' }))).toBe('wrong_last_sequence');
        expect(await named('four', { lastSeq: 1, lastMessageId: 'two' })).toBe(2);
      });

      it('sent at once with those before it by two writers: one has them all, the other none', async () => {
        const writers = await Promise.all([on.bench.connect(), on.bench.connect()]);
        const sent = writers.flatMap((writer, w) =>
          [0, 1, 2, 3, 4, 5].map((lastSeq) =>
            refusal(
              writer.append(
                on.subject('a'),
                bytes(String(w)),
                lastSeq === 0 ? { lastSeq } : { lastSeq, lastMessageId: `${w}.${lastSeq}` },
                undefined,
                { [MESSAGE_ID_HEADER]: `${w}.${lastSeq + 1}` },
              ),
            ),
          ),
        );
        await Promise.all(sent);
        const stored = await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => on.bus.message(on.stream, seq)));
        expect(new Set(stored.map((message) => message && text(message.data))).size).toBe(1);
        expect(await on.bus.endOf(on.stream)).toBe(6);
        await Promise.all(writers.map((writer) => writer.close()));
      });

      it('without an acknowledgement in time is a timeout, and lands all the same', async () => {
        await on.put('a', 'before');
        const speak = on.bench.hush();
        const late = await refusal(on.bus.append(on.subject('a'), bytes('late'), { lastSeq: 1 }, SHORT_MS));
        speak();
        expect(late).toBe('timeout');
        await on.eventually(async () => (await on.bus.endOf(on.stream)) === 2);
        expect(text((await on.bus.message(on.stream, 2))!.data)).toBe('late');
        expect(await refusal(on.put('a', 'again', { lastSeq: 1 }))).toBe('wrong_last_sequence');
      });
    });

    describe('a look', () => {
      it('at what is not there says so', async () => {
        const { first, last } = await on.bus.rangeOf(on.stream);
        expect([first <= 1, last, await on.bus.endOf(on.stream)]).toEqual([true, 0, 0]);
        expect(await on.bus.endOfSubject(on.stream, on.subject('a'))).toBe(0);
        expect(await on.bus.lastOf(on.stream, on.subject('a'))).toBeUndefined();
        expect(await on.bus.message(on.stream, 1)).toBeUndefined();
        expect(await on.bus.headerOf(on.stream, 1, MARK_HEADER)).toBeUndefined();
      });

      it('shows what was appended, with its headers and the time of the broker', async () => {
        const earliest = on.bench.clock.now() - 1_000;
        await on.bus.append(on.subject('a'), bytes('one'), {}, undefined, { [MARK_HEADER]: 'word', More: 'yes' });
        await on.put('b', 'two');
        const [one, two] = [await on.bus.message(on.stream, 1), await on.bus.lastOf(on.stream, on.subject('b'))];
        expect(one).toMatchObject({ seq: 1, subject: on.subject('a'), mark: 'word' });
        expect(two).toMatchObject({ seq: 2, subject: on.subject('b'), mark: '' });
        expect([text(one!.data), text(two!.data)]).toEqual(['one', 'two']);
        expect(one!.stampMs).toBeGreaterThan(earliest);
        expect(two!.stampMs).toBeGreaterThanOrEqual(one!.stampMs);
        expect(await on.bus.headerOf(on.stream, 1, 'More')).toBe('yes');
        expect(await on.bus.headerOf(on.stream, 2, 'More')).toBe('');
        expect(await on.bus.rangeOf(on.stream)).toEqual({ first: 1, last: 2 });
        expect([await on.bus.endOfSubject(on.stream, on.subject('a')), await on.bus.endOf(on.stream)]).toEqual([1, 2]);
      });
    });

    describe('a purge', () => {
      it('removes what lies before a sequence; what is appended then is numbered on', async () => {
        for (const body of ['1', '2', '3']) await on.put('a', body);
        await on.bus.purge(on.stream, 3);
        expect(await on.bus.rangeOf(on.stream)).toEqual({ first: 3, last: 3 });
        expect(await on.bus.message(on.stream, 2)).toBeUndefined();
        const { seen, stop } = await on.reading(0);
        expect(await on.put('a', '4', { lastSeq: 3 })).toBe(4);
        await on.eventually(() => seen.length >= 2);
        expect(seen).toEqual(['3:3', '4:4']);
        await stop();
      });

      it('of what lies before the first message removes nothing', async () => {
        await on.put('a', '1');
        for (const before of [0, 1]) await on.bus.purge(on.stream, before);
        await on.bus.purge(on.stream, 1, on.subject('a'));
        expect(await on.bus.rangeOf(on.stream)).toEqual({ first: 1, last: 1 });
      });

      it('of all leaves the end where it was', async () => {
        await on.put('a', '1');
        await on.bus.purge(on.stream, 2);
        expect(await on.bus.endOf(on.stream)).toBe(1);
        expect(await on.bus.lastOf(on.stream, on.subject('a'))).toBeUndefined();
        expect(await on.put('a', '2', { lastSeq: 1, lastSubjectSeq: 0 })).toBe(2);
      });

      it('of one subject leaves the others', async () => {
        for (const name of ['a', 'b', 'a', 'b']) await on.put(name, name);
        await on.bus.purge(on.stream, 4, on.subject('a'));
        expect(await on.bus.rangeOf(on.stream)).toEqual({ first: 2, last: 4 });
        expect([await on.bus.message(on.stream, 1), await on.bus.message(on.stream, 3)]).toEqual([
          undefined,
          undefined,
        ]);
        const { seen, stop } = await on.reading(0);
        await on.eventually(() => seen.length >= 2);
        expect(seen).toEqual(['2:b', '4:b']);
        await stop();
      });
    });

    describe('a reader', () => {
      it('gets everything in order, what is there and what comes, until it is stopped', async () => {
        for (let n = 1; n <= 20; n += 1) await on.put(n % 3 === 0 ? 'b' : 'a', `m${n}`);
        const { seen, stop } = await on.reading(0);
        for (let n = 21; n <= 40; n += 1) await on.put('a', `m${n}`);
        await on.eventually(() => seen.length >= 40);
        expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => `${n + 1}:m${n + 1}`));
        await stop();
        await on.put('a', 'm41');
        await pause(on.bench.clock, SHORT_MS);
        expect(seen).toHaveLength(40);
      });

      it('of one subject misses none of it and gets nothing else', async () => {
        for (let n = 1; n <= 12; n += 1) await on.put(n % 3 === 0 ? 'b' : 'a', `m${n}`);
        const { seen, stop } = await on.reading(3, 'b');
        await on.put('b', 'm13');
        await on.eventually(() => seen.length >= 4);
        await pause(on.bench.clock, SHORT_MS);
        expect(seen).toEqual(['6:m6', '9:m9', '12:m12', '13:m13']);
        await stop();
      });

      it('goes on behind a sequence, also one that is not there yet', async () => {
        for (let n = 1; n <= 5; n += 1) await on.put('a', `m${n}`);
        const [behind, ahead] = [await on.reading(3), await on.reading(7)];
        for (let n = 6; n <= 9; n += 1) await on.put('a', `m${n}`);
        await on.eventually(() => behind.seen.length >= 6 && ahead.seen.length >= 2);
        expect(behind.seen).toEqual(['4:m4', '5:m5', '6:m6', '7:m7', '8:m8', '9:m9']);
        expect(ahead.seen).toEqual(['8:m8', '9:m9']);
        await Promise.all([behind.stop(), ahead.stop()]);
      });

      it('gets the same message as a look', async () => {
        await on.bus.append(on.subject('a'), bytes('one'), {}, undefined, { [MARK_HEADER]: 'word' });
        const read = await new Promise<StoredMessage>((resolve, reject) => {
          on.bus.read({ stream: on.stream, after: 0, onMessage: resolve }).catch(reject);
        });
        const looked = await on.bus.message(on.stream, 1);
        expect({ ...read, data: text(read.data) }).toEqual({ ...looked, data: text(looked!.data) });
      });
    });

    describe('a reader of a stream that came back as another one', () => {
      async function readAndCutBack(keep: number): Promise<{ seen: string[]; errors: Error[] }> {
        for (const n of [1, 2, 3, 4]) await on.put('a', `m${n}`);
        const [seen, errors]: [string[], Error[]] = [[], []];
        await on.bus.read({
          stream: on.stream,
          subject: on.subject('a'),
          after: 0,
          onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`),
          onError: (error) => errors.push(error),
        });
        await on.eventually(() => seen.length === 4);
        await on.bench.cutBack(on.stream, keep);
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
          for (let n = 1; n <= more; n += 1) await on.put('a', `new${n}`);
          const until = on.bench.clock.now() + GONE_MS;
          while (errors.length === 0 && on.bench.clock.now() < until) await pause(on.bench.clock, 20);
          expect(errors).toMatchObject([{ code: 'unavailable' }]);
          expect(seen).toEqual(['1:m1', '2:m2', '3:m3', '4:m4']);
        },
        30_000,
      );
    });

    describe('a plain message', () => {
      const heardBy = (listener: MessageBus, name: string): { readonly heard: string[]; readonly stop: () => void } => {
        const heard: string[] = [];
        return { heard, stop: listener.listen(on.plain(name), (body) => heard.push(text(body))) };
      };

      it('is heard by everybody who listens, and not stored', async () => {
        const other = await on.bench.connect();
        const [one, two, elsewhere] = [heardBy(on.bus, 'p'), heardBy(other, 'p'), heardBy(on.bus, 'q')];
        await Promise.all([on.bus.ping(WAIT_MS), other.ping(WAIT_MS)]);
        on.bus.say(on.plain('elsewhere'), bytes('nobody listens'));
        on.bus.say(on.plain('p'), bytes('hello'));
        await on.eventually(() => one.heard.length + two.heard.length === 2);
        one.stop();
        await on.bus.ping(WAIT_MS);
        other.say(on.plain('p'), bytes('again'));
        await on.eventually(() => two.heard.length === 2);
        await pause(on.bench.clock, SHORT_MS);
        expect([one.heard, two.heard, elsewhere.heard]).toEqual([['hello'], ['hello', 'again'], []]);
        await other.close();
      });

      it('that asks is answered by whoever can', async () => {
        const other = await on.bench.connect();
        on.bus.answer(on.plain('ask'), () => Promise.resolve(undefined));
        other.answer(on.plain('ask'), (question) => Promise.resolve(`${question}!`));
        await Promise.all([on.bus.ping(WAIT_MS), other.ping(WAIT_MS)]);
        expect(text(await on.bus.ask(on.plain('ask'), bytes('well'), WAIT_MS))).toBe('well!');
        await other.close();
      });

      it('that asks is told when nobody answers, or nobody is there', async () => {
        on.bus.answer(on.plain('ask'), () => Promise.resolve(undefined));
        await on.bus.ping(WAIT_MS);
        expect(await refusal(on.bus.ask(on.plain('ask'), bytes('?'), SHORT_MS))).toBe('unavailable');
        const began = on.bench.clock.now();
        expect(await refusal(on.bus.ask(on.plain('nobody'), bytes('?'), 4 * WAIT_MS))).toBe('unavailable');
        expect(on.bench.clock.now() - began).toBeLessThan(WAIT_MS);
      });
    });
  });
}
