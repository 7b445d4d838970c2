import { TestBed } from '@angular/core/testing';
import { PhaseStrip, type StripPhase } from './phase-strip';

async function strip(phases: readonly StripPhase[]): Promise<HTMLElement> {
  const fixture = TestBed.createComponent(PhaseStrip);
  fixture.componentRef.setInput('phases', phases);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

describe('the strip of phases', () => {
  it('says each phase and counts those that are behind, skipped ones too', async () => {
    const host = await strip([
      { phase: 'discovery', status: 'completed' },
      { phase: 'design', status: 'skipped' },
      { phase: 'write_docs', status: 'in_progress' },
    ]);
    expect(host.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      'Discovery: completed, Design: skipped, Write docs: in progress',
    );
    expect(host.querySelector('.count')?.textContent).toBe('2/3');
  });

  it('shows a status that it does not know, in its own word', async () => {
    const host = await strip([{ phase: 'design', status: 'on_hold' }]);
    expect(host.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('Design: on hold');
  });

  it('is narrower with many phases', async () => {
    const phases = (count: number): StripPhase[] =>
      Array.from({ length: count }, (_, at) => ({ phase: `p${String(at)}`, status: 'pending' }));
    expect((await strip(phases(6))).querySelector('.many')).toBeNull();
    expect((await strip(phases(7))).querySelector('.many')).not.toBeNull();
  });
});
