export { gatewayService } from './gateway.js';
