import type { ServerName } from './program.js';

type Named = Readonly<Record<ServerName, string>>;

/* What brings each server's program, by where it comes from. */

export const APT_PACKAGES: Named = { nats: 'nats-server', redis: 'redis-server', postgres: 'postgresql' };

export const BREW_PACKAGES: Named = { nats: 'nats-server', redis: 'redis', postgres: 'postgresql@18' };

export const IMAGES: Named = { nats: 'nats:2.10', redis: 'redis:7', postgres: 'postgres:18' };
