export type { ConnectFailure } from './connect.js';
export type { PreparedConnection } from './connection.js';
export type { ToolRequest } from './exchange.js';
export { reconcileAnswer, type ReconcileAnswer } from './reconcile-answer.js';
export {
  dispatchRequest,
  reconcileRequest,
  type Dispatch,
  type Inquiry,
  type SignedRequest,
  type Signing,
} from './request.js';
export type { SendResult } from './send-result.js';
export {
  ToolClient,
  type PrepareResult,
  type ToolPort,
  type SendRequest,
  type ToolClientOptions,
} from './tool-client.js';
