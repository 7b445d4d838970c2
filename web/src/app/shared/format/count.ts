import { Pipe, type PipeTransform } from '@angular/core';

/** A number of things with its thousands apart: `1,234,567`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

@Pipe({ name: 'count' })
export class CountPipe implements PipeTransform {
  transform(count: number): string {
    return formatCount(count);
  }
}
