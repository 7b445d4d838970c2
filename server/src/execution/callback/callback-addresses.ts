import { Injectable } from '@nestjs/common';
import { AuthKeys } from '../../auth/auth-keys.js';
import { AppConfig } from '../../config/app-config.js';
import { DomainError } from '../../problems/domain-error.js';
import type { StepCallback } from '../executors/executor.js';
import type { Claim } from '../claim.js';
import { callbackText, callbackToken, parseCallbackToken, type CallbackClaim } from './callback-token.js';

/** Makes the addresses at which services answer later, and reads them back. */
@Injectable()
export class CallbackAddresses {
  constructor(
    private readonly config: AppConfig,
    private readonly keys: AuthKeys,
  ) {}

  /** The address for a claimed step that wants a callback, valid for the step's time limit; null for every other step. */
  offer(claim: Claim, now: Date): StepCallback | null {
    const { executor, timeoutMs } = claim.definition;
    if (executor.kind !== 'http' || !executor.callback) return null;
    const expiresAt = new Date(Math.floor((now.getTime() + timeoutMs) / 1000) * 1000);
    const about = { stepAttemptId: claim.stepAttemptId, epoch: claim.epoch, expiresAt };
    const token = callbackToken(about, this.keys.mac('callback', callbackText(about)));
    return { url: `${this.origin()}/callbacks/${token}`, expiresAt };
  }

  /** @throws DomainError 403 `callback_invalid` for what we did not sign, 410 `callback_expired` */
  read(token: string, now: Date): CallbackClaim {
    const parsed = parseCallbackToken(token);
    if (parsed === null || !this.keys.macMatches('callback', callbackText(parsed.claim), parsed.mac)) {
      throw new DomainError(403, 'callback_invalid', 'This is no address that was given to a service.');
    }
    if (parsed.claim.expiresAt < now) {
      const at = parsed.claim.expiresAt.toISOString();
      throw new DomainError(410, 'callback_expired', `This callback was awaited until ${at}.`);
    }
    return parsed.claim;
  }

  private origin(): string {
    const { publicUrl, host, port } = this.config;
    return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  }
}
