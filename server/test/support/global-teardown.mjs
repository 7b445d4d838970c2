export { removeClusterFolder as default } from './cluster-folder.mjs';
