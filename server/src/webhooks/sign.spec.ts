import { describe, expect, it } from '@jest/globals';
import { newSecret, signedHeaders } from './sign.js';

describe('the signature of a message', () => {
  it('is the one of the example of the Standard Webhooks specification', () => {
    const at = new Date(1_614_265_330_000);
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    expect(signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', secrets)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is made with every secret that counts', () => {
    const headers = signedHeaders('id', new Date(0), '{}', [newSecret(), newSecret()]);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/u);
  });

  it('has secrets of 32 random bytes', () => {
    expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
    expect(newSecret()).not.toBe(newSecret());
  });
});
