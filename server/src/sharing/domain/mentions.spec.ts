import { describe, expect, it } from '@jest/globals';
import { mentionedAddresses } from './mentions.js';

describe('a mention', () => {
  it('is an @ before an e-mail address, each once', () => {
    const text = 'Hi @Ada@example.org, and @grace.h+x@mail.example.co.uk. Again @ada@example.org!';
    expect(mentionedAddresses(text)).toEqual(['ada@example.org', 'grace.h+x@mail.example.co.uk']);
  });

  it('is no plain address, and ends at what is no part of one', () => {
    expect(mentionedAddresses('mail ada@example.org, @ada, a@@b@c.d')).toEqual([]);
  });

  it('takes no time for a text that is nearly one', () => {
    expect(mentionedAddresses(`@${'a.'.repeat(10_000)}`)).toEqual([]);
  });
});
