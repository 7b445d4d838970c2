import { sentence } from '../../../shared/status/status-look';
import type { RunEvent } from '../../run-models';

/** What an event says: its type in words, with where it happened. */
export function eventWords(event: RunEvent): string {
  const gate: unknown = event.data['gate_id'];
  const phase = event.phase === null ? null : sentence(event.phase);
  const place = [phase, event.step, typeof gate === 'string' ? gate : null].filter((part) => part !== null);
  const what = sentence(event.type.replaceAll('.', ' '));
  return place.length === 0 ? what : `${what}: ${place.join(' / ')}`;
}

/** Values that name things which people know by other names. */
const UNSAID = /(^|_)(id|sha256|digest)$/;
/** Sentences need no name before them, and come first. */
const SPOKEN = ['message', 'reason', 'comment', 'summary', 'detail'];

/** The plain values that came with an event; nested ones are left to the REST answer. */
export function eventDetails(event: RunEvent): string {
  const values = Object.entries(event.data)
    .filter(([name]) => !UNSAID.test(name))
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]: [string, unknown]) => ({ name, text: String(value) }));
  const spoken = values.filter(({ name }) => SPOKEN.includes(name)).map(({ text }) => text);
  const named = values
    .filter(({ name }) => !SPOKEN.includes(name))
    .map(({ name, text }) => `${name.replaceAll('_', ' ')}: ${text}`);
  return [...spoken, ...named].join(' · ');
}
