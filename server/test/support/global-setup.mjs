export { createClusterFolder as default } from './cluster-folder.mjs';
