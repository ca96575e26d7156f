import { installed } from './installed.js';
import { answers } from './transport/answers.js';
import { bodies } from './transport/bodies.js';
import { keys } from './transport/keys.js';
import { limits } from './transport/limits.js';
import { names } from './transport/names.js';
import { noRequest } from './transport/no-request.js';
import { paths } from './transport/paths.js';
import { refused } from './transport/refused.js';
import { Transport } from './transport/transport.js';
import { values } from './transport/values.js';

describe('contract 0, transport', () => {
  const tollgate = installed();
  const transport = new Transport(tollgate);
  beforeAll(() => tollgate().register(transport.tool));

  keys(transport);
  paths(transport);
  noRequest(transport);
  bodies(transport);
  values(transport);
  names(transport);
  limits(transport);
  refused(transport);
  answers(transport);
});
