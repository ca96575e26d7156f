import { pause, type MessageBus } from '@tollgate/journal';
import type { BusBench } from './bus-bench.js';
import { BusTest, GONE_MS, SHORT_MS, WAIT_MS, bytes, refusal, text } from './bus-test.js';

/** What Tollgate leans on of its connections to the broker: the same tests for simulated and for real ones. */
export function describeConnections(broker: string, open: () => Promise<BusBench>): void {
  describe(`connections to the message bus, ${broker}`, () => {
    const on = new BusTest(open);

    describe('a connection', () => {
      it('that is closed ends what is under way, and delivers nothing any more', async () => {
        const closing = await on.bench.connect();
        const seen: string[] = [];
        await closing.read({ stream: on.stream, after: 0, onMessage: ({ data }) => seen.push(text(data)) });
        closing.listen(on.plain('p'), (body) => seen.push(text(body)));
        await closing.ping(WAIT_MS);
        const speak = on.bench.hush();
        const appending = refusal(closing.append(on.subject('a'), bytes('under way')));
        await closing.close();
        expect(await appending).toBe('timeout');
        speak();
        expect(await closing.closed).toBeUndefined();
        expect(await refusal(closing.append(on.subject('a'), bytes('after')))).toBe('unavailable');
        await on.put('a', 'later');
        on.bus.say(on.plain('p'), bytes('hello'));
        await pause(on.bench.clock, SHORT_MS);
        expect(seen).toEqual([]);
      });

      it('that breaks says so, and what was under way may be stored or not', async () => {
        const breaking = await on.bench.connect();
        const speak = on.bench.hush();
        const appending = refusal(breaking.append(on.subject('a'), bytes('under way'), {}, 60_000));
        await on.bench.sever(breaking);
        speak();
        expect(await breaking.closed).toHaveProperty('message');
        expect(await appending).toBe('timeout');
        expect(await refusal(breaking.append(on.subject('a'), bytes('after')))).toBe('unavailable');
      });
    });

    describe('a connection that comes back by itself', () => {
      let lasting: MessageBus;
      beforeEach(async () => {
        lasting = await on.bench.connectForGood();
      });
      afterEach(() => lasting.close());

      it('reads on where it was: it misses nothing and repeats nothing', async () => {
        const seen: string[] = [];
        await lasting.read({
          stream: on.stream,
          after: 0,
          onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`),
        });
        await on.put('a', 'before');
        await on.eventually(() => seen.length === 1);
        const interruption = await on.bench.interrupt(lasting);
        await on.put('a', 'meanwhile');
        interruption.over();
        await on.put('b', 'then');
        await on.eventually(() => seen.length >= 3, GONE_MS);
        await pause(on.bench.clock, SHORT_MS);
        expect(seen).toEqual(['1:before', '2:meanwhile', '3:then']);
      }, 30_000);

      it('hears and answers again', async () => {
        const heard: string[] = [];
        lasting.listen(on.plain('p'), (body) => heard.push(text(body)));
        lasting.answer(on.plain('ask'), (question) => Promise.resolve(`${question}!`));
        await lasting.ping(WAIT_MS);
        (await on.bench.interrupt(lasting)).over();
        await on.eventually(
          async () => (await refusal(on.bus.ask(on.plain('ask'), bytes('?'), SHORT_MS))) === undefined,
        );
        expect(text(await on.bus.ask(on.plain('ask'), bytes('well'), WAIT_MS))).toBe('well!');
        on.bus.say(on.plain('p'), bytes('hello'));
        await on.eventually(() => heard.length === 1);
      });

      it('forgets what it was given without a connection', async () => {
        const heard: string[] = [];
        on.bus.listen(on.plain('p'), (body) => heard.push(text(body)));
        await on.bus.ping(WAIT_MS);
        const interruption = await on.bench.interrupt(lasting);
        lasting.say(on.plain('p'), bytes('said'));
        expect(await refusal(lasting.append(on.subject('a'), bytes('lost'), {}, SHORT_MS / 2))).toBe('timeout');
        interruption.over();
        await on.eventually(async () => (await refusal(lasting.ping(SHORT_MS))) === undefined);
        expect(await lasting.append(on.subject('a'), bytes('after'))).toBe(1);
        expect(heard).toEqual([]);
      });

      it('sends what it was given while it dialled once it is through, also where the sender has given up', async () => {
        const heard: string[] = [];
        on.bus.listen(on.plain('p'), (body) => heard.push(text(body)));
        await on.bus.ping(WAIT_MS);
        const interruption = await on.bench.interrupt(lasting);
        await interruption.dials();
        lasting.say(on.plain('p'), bytes('said'));
        expect(await refusal(lasting.append(on.subject('a'), bytes('late'), {}, 0))).toBe('timeout');
        interruption.over();
        await on.eventually(async () => (await on.bus.endOf(on.stream)) === 1 && heard.length === 1);
        expect(text((await on.bus.message(on.stream, 1))!.data)).toBe('late');
      });

      it('tells who waits for an acknowledgement that does not come, and goes on', async () => {
        const speak = on.bench.hush();
        const appending = refusal(lasting.append(on.subject('a'), bytes('under way'), {}, WAIT_MS));
        const interruption = await on.bench.interrupt(lasting);
        speak();
        interruption.over();
        expect(await appending).toBe('timeout');
        await on.eventually(async () => (await refusal(lasting.append(on.subject('a'), bytes('after')))) === undefined);
      }, 30_000);

      it('is closed by nothing but its client', async () => {
        let closed = false;
        void lasting.closed.then(() => (closed = true));
        (await on.bench.interrupt(lasting)).over();
        await on.eventually(async () => (await refusal(lasting.ping(SHORT_MS))) === undefined);
        expect(closed).toBe(false);
        await lasting.close();
        expect(await lasting.closed).toBeUndefined();
        expect(await refusal(lasting.append(on.subject('a'), bytes('after')))).toBe('unavailable');
      });
    });
  });
}
