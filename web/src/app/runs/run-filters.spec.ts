import { convertToParamMap } from '@angular/router';
import {
  filtersFromUrl,
  filtersToQuery,
  filtersToUrl,
  isFiltered,
  metadataOf,
  NO_FILTERS,
  type RunFilters,
  toggleSort,
} from './run-filters';

const ALL: RunFilters = {
  status: ['running', 'failed'],
  profile: ['web_app'],
  owner: 'me',
  q: 'pay',
  createdAfter: '2026-11-01',
  createdBefore: '2026-11-02',
  waitingOn: 'approval',
  minCostUsd: '1.5',
  metadata: 'ticket=OPS-1',
  archived: true,
  shared: true,
  sort: { key: 'cost_usd', descending: false },
  offset: 50,
};

describe('the filters of the list', () => {
  it('survive the way through the address', () => {
    expect(filtersFromUrl(convertToParamMap(filtersToUrl(ALL)))).toEqual(ALL);
    expect(filtersFromUrl(convertToParamMap({}))).toEqual(NO_FILTERS);
  });

  it('leave an address without anything when nothing is set', () => {
    expect(Object.values(filtersToUrl(NO_FILTERS)).every((value) => value === null)).toBe(true);
  });

  it('leave out what an address made up', () => {
    const odd = convertToParamMap({
      status: ['running', 'sleeping'],
      waiting_on: 'godot',
      created_after: 'yesterday',
      min_cost_usd: '-1',
      sort: '-colour',
      offset: '99999999',
    });
    expect(filtersFromUrl(odd)).toEqual({ ...NO_FILTERS, status: ['running'], offset: 10_000 });
    expect(filtersFromUrl(convertToParamMap({ offset: '-5' })).offset).toBe(0);
  });

  it('become the query of the list', () => {
    expect(filtersToQuery(ALL)).toMatchObject({
      status: ['running', 'failed'],
      profile: ['web_app'],
      owner: 'me',
      q: 'pay',
      waiting_on: ['approval'],
      min_cost_usd: 1.5,
      archived: true,
      shared: true,
      sort: 'cost_usd',
      offset: 50,
    });
    expect(filtersToQuery(NO_FILTERS)).toEqual({ sort: '-created_at', offset: 0 });
  });

  it('take in the whole of the last day', () => {
    const { created_after: from, created_before: until } = filtersToQuery(ALL);
    const hours = (new Date(until ?? '').getTime() - new Date(from ?? '').getTime()) / 3_600_000;
    expect(hours).toBe(48);
  });

  it('read metadata as key and value, and not before there is a value', () => {
    expect(metadataOf(ALL)).toEqual({ key: 'ticket', value: 'OPS-1' });
    expect(metadataOf({ ...ALL, metadata: 'url=a=b' })).toEqual({ key: 'url', value: 'a=b' });
    expect(metadataOf({ ...ALL, metadata: 'ticket' })).toBeNull();
  });

  it('count as filtering only where they narrow', () => {
    expect(isFiltered(NO_FILTERS)).toBe(false);
    expect(isFiltered({ ...NO_FILTERS, offset: 50, sort: ALL.sort })).toBe(false);
    expect(isFiltered({ ...NO_FILTERS, q: 'x' })).toBe(true);
  });

  it('turn the order of a column around, names first rising, figures first falling', () => {
    expect(toggleSort(NO_FILTERS.sort, 'created_at')).toEqual({ key: 'created_at', descending: false });
    expect(toggleSort(NO_FILTERS.sort, 'cost_usd')).toEqual({ key: 'cost_usd', descending: true });
    expect(toggleSort(NO_FILTERS.sort, 'project_name')).toEqual({ key: 'project_name', descending: false });
  });
});
