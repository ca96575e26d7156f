export type { Caller } from './auth/caller.js';
export { BusLink } from './bus/bus-link.js';
export { CurrentConfig } from './config/current-config.js';
export { gatewayCore, type GatewayCore, type GatewayPorts } from './gateway-core.js';
export { gatewayService } from './gateway.js';
export { ContractError } from './http/contract-error.js';
export type { CallAnswer } from './run/call-answer.js';
export { TenantHashKeys } from './run/hash-keys.js';
