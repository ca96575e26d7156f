export { Api, type Answer } from './api.js';
export { cli, newTenant } from './cli.js';
export { ConnectionRecorder } from './connection-recorder.js';
export { eventually } from './eventually.js';
export { freeze } from './freeze.js';
export { Installation, TOOL_SECRET, type InstallationOptions } from './installation.js';
export { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
export { ServiceProcess, type ProcessKind } from './services.js';
export { answer, drop, hang, ToolServer, type Behaviour, type Received } from './tool-server.js';
