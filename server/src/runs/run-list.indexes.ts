import { Index } from 'typeorm';

/** What the list can be sorted by, as index name and property. */
const ORDERS = {
  created: 'createdAt',
  updated: 'updatedAt',
  project: 'projectName',
  cost: 'costUsd',
  duration: 'workingMs',
} as const;

/** What the list is filtered by most. */
const FILTERED = ['status', 'profile', 'waitingKind', 'createdAt', 'costUsd'];

const LIVE = { where: 'archived_at IS NULL' };
const ARCHIVED = { where: 'archived_at IS NOT NULL' };

/**
 * The indexes of the list: each order, for everybody and for one owner. The columns behind the id let a run that
 * does not match be passed over without reading its row.
 */
export const RunListIndexes: ClassDecorator = (target) => {
  for (const [name, property] of Object.entries(ORDERS)) {
    const live = [property, 'id', ...FILTERED.filter((filtered) => filtered !== property)];
    Index(`runs_${name}`, live, LIVE)(target);
    Index(`runs_owner_${name}`, ['ownerId', ...live], LIVE)(target);
    Index(`runs_archived_${name}`, [property, 'id', 'ownerId', 'status', 'profile'], ARCHIVED)(target);
  }
  // What is rare is found at once instead of being searched for in an order.
  Index('runs_status_created', ['status', 'createdAt', 'id', 'profile'], LIVE)(target);
  Index('runs_profile_created', ['profile', 'createdAt', 'id', 'status'], LIVE)(target);
  Index('runs_waiting', ['waitingKind', 'createdAt', 'id'], {
    where: 'waiting_kind IS NOT NULL AND archived_at IS NULL',
  })(target);
};
