import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../../api/generated/api';
import { beginTotp } from '../../api/generated/fn/second-factor/begin-totp';
import { confirmTotp } from '../../api/generated/fn/second-factor/confirm-totp';
import { getTotp } from '../../api/generated/fn/second-factor/get-totp';
import { removeTotp } from '../../api/generated/fn/second-factor/remove-totp';
import { renewRecoveryCodes } from '../../api/generated/fn/second-factor/renew-recovery-codes';
import type { TotpEnrolmentDto, TotpStateDto } from '../../api/generated/models';

export type Enrolment = TotpEnrolmentDto;

/** My second factor. Whatever changes it takes the password. */
@Injectable({ providedIn: 'root' })
export class SecondFactorGateway {
  private readonly api = inject(Api);

  state(): Observable<TotpStateDto> {
    return this.api.invoke(getTotp);
  }

  begin(password: string): Observable<Enrolment> {
    return this.api.invoke(beginTotp, { body: { current_password: password } });
  }

  /** Turns it on; answers the recovery codes. */
  confirm(code: string): Observable<readonly string[]> {
    return this.api.invoke(confirmTotp, { body: { code } }).pipe(map((answer) => answer.recovery_codes));
  }

  renewCodes(password: string): Observable<readonly string[]> {
    const body = { current_password: password };
    return this.api.invoke(renewRecoveryCodes, { body }).pipe(map((answer) => answer.recovery_codes));
  }

  remove(password: string): Observable<unknown> {
    return this.api.invoke(removeTotp, { body: { current_password: password } });
  }
}
