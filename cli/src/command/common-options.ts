import { SERVER_OPTIONS } from '../api/server.js';
import { flag } from './option.js';

/** What every command takes. */
export const COMMON_OPTIONS = {
  ...SERVER_OPTIONS,
  json: flag('the answer as JSON, as the API gives it'),
  help: flag('this help'),
};
