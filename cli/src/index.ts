export { admin, ADMIN_HELP } from './admin/index.js';
