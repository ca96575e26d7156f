export { admin } from './admin/index.js';
