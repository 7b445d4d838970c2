import { Pipe, type PipeTransform } from '@angular/core';

/** The last eight characters of an id: its short form, which the search finds too. */
export const shortId = (id: string): string => id.slice(-8);

@Pipe({ name: 'shortId' })
export class ShortIdPipe implements PipeTransform {
  transform(id: string): string {
    return shortId(id);
  }
}
