import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { type Problem } from '../../shared/problem/problem';
import { type ParameterField, parameterError, readParameter } from './parameter-fields';
import type { ParameterValues } from './run-draft';

/** The parameters that a profile declares. */
@Component({
  selector: 'o-parameter-form',
  templateUrl: './parameter-form.html',
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
      gap: var(--o-3) var(--o-4);
    }
    .check {
      display: flex;
      align-items: center;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ParameterForm {
  readonly fields = input.required<readonly ParameterField[]>();
  readonly values = input.required<ParameterValues>();
  readonly problem = input<Problem | null>(null);
  readonly changed = output<ParameterValues>();

  protected shown(field: ParameterField): string {
    const value = this.values()[field.name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  protected isOn(field: ParameterField): boolean {
    return (this.values()[field.name] ?? field.standard) === true;
  }

  protected hintOf(field: ParameterField): string {
    const standard = field.standard === undefined ? '' : `Default: ${JSON.stringify(field.standard)}.`;
    return [field.hint, field.input.kind === 'switch' ? '' : standard].filter(Boolean).join(' ');
  }

  protected errorOf(field: ParameterField): string | null {
    const refused = this.problem()?.errors.find(({ pointer }) => pointer === `/parameters/${field.name}`);
    return parameterError(field, this.values()[field.name]) ?? refused?.message ?? null;
  }

  protected read(field: ParameterField, event: Event): void {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type === 'checkbox') this.set(field, target.checked);
    else if (
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement
    ) {
      this.set(field, target.value);
    }
  }

  private set(field: ParameterField, typed: string | boolean): void {
    const others = Object.entries(this.values()).filter(([name]) => name !== field.name);
    const value = readParameter(field, typed);
    this.changed.emit(Object.fromEntries(value === undefined ? others : [...others, [field.name, value]]));
  }
}
