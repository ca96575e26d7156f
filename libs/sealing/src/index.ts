export type { JsonValue } from './json.js';
export { apiKeyHash, canonicalJson, deriveKey, keyedHash, outgoingKey, type OutgoingKeyParts } from './hashing.js';
export {
  apiKeyPreview,
  formatSealingKey,
  mintApiKey,
  mintSealingKey,
  parseSealingKeys,
  type SealingKey,
} from './keys.js';
export { createSealer, type SealedEnvelope, type SealedFor, type Sealer, type SealerOptions } from './sealing.js';
export { SealingError, type SealingErrorCode } from './sealing-error.js';
export {
  signHex,
  standardWebhooksSignature,
  verifyHex,
  verifyStandardWebhooks,
  type StandardWebhooksHeaders,
} from './signing.js';
