import { Bus, CONFIG_STREAM } from '@tollgate/journal';

/** Every message of CONFIG as it is stored, for tests that say what must not be in it. */
export class NatsDump {
  private constructor(private readonly messages: readonly string[]) {}

  static async of(url: string): Promise<NatsDump> {
    const bus = await Bus.connect(url, { name: 'contract', reconnect: false });
    try {
      const messages: string[] = [];
      for (let seq = await bus.endOf(CONFIG_STREAM); seq > 0; seq -= 1) {
        const message = await bus.message(CONFIG_STREAM, seq);
        if (message !== undefined) messages.push(new TextDecoder().decode(message.data));
      }
      return new NatsDump(messages);
    } finally {
      await bus.close();
    }
  }

  contains(text: string): boolean {
    return this.messages.some((message) => message.includes(text));
  }
}
