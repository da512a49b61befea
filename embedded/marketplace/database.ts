import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
create table if not exists listings (
  id text primary key, marketplace text not null, market text not null, title text not null, description text, brand text,
  images text not null, price text, category text, seller text, version text not null,
  status text not null, status_before text, completed_orders integer not null default 0) strict;
create index if not exists listings_by_seller on listings (seller);
create table if not exists shops (id text primary key, restriction text, closed_at text) strict;
create table if not exists shop_messages (
  id integer primary key, shop text not null, at text not null, subject text not null, text text not null, reference text not null) strict;
create table if not exists images (name text primary key, type text not null, bytes blob not null) strict;
create table if not exists replies (key text primary key, fingerprint text not null, status integer not null, body text not null) strict;
create table if not exists requests (
  seq integer primary key, at text not null, operation text not null, listing text, shop text, key text not null,
  outcome text not null, fault text, status integer, result text) strict;
create index if not exists requests_by_listing on requests (listing);
create table if not exists faults (id integer primary key, fault text not null, remaining integer) strict;
`;

/**
 * Opens the state of the marketplace. WAL with synchronous NORMAL: a killed process loses nothing that was committed.
 * Only a power cut may lose the last commits, which an outside system that stands in for a real one need not survive.
 */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'marketplace.db'));
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;');
  db.exec(SCHEMA);
  return db;
}

/** Runs the work in one transaction: all of it or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
