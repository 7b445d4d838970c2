import { describe, expect, it } from '@jest/globals';
import { requireRecentNode } from './node-version.js';

describe('the version of Node', () => {
  it('is checked before anything starts, in words that say what to do', () => {
    expect(() => {
      requireRecentNode('20.20.2');
    }).toThrow('Node 24 or newer is needed, and this is 20.20.2. Start with "npm start"');
    expect(() => {
      requireRecentNode('24.15.0');
    }).not.toThrow();
  });
});
