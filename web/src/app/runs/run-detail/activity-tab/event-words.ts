import { sentence } from '../../../shared/status/status-look';
import type { RunEvent } from '../../run-models';

/** What an event says: its type in words, with where it happened. */
export function eventWords(event: RunEvent): string {
  const place = [event.phase === null ? null : sentence(event.phase), event.step].filter(
    (part) => part !== null,
  );
  const what = sentence(event.type.replaceAll('.', ' '));
  return place.length === 0 ? what : `${what}: ${place.join(' / ')}`;
}

/** The plain values that came with an event, as `name: value`; nested ones are left to the REST answer. */
export function eventDetails(event: RunEvent): string {
  return Object.entries(event.data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`)
    .join(' · ');
}
