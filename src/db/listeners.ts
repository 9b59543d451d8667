import type { Db } from './dialect.ts'

// A database and the transactions in it share their adapter object.
const listeners = new WeakMap<object, Map<string, Set<() => void>>>()

const topicsOf = (db: Db) => listeners.get(db.getExecutor().adapter)

/** Tells whoever listens in this program. What is told lies in the database, and perhaps not committed yet. */
export function notify(db: Db, topic: string): void {
  for (const heard of topicsOf(db)?.get(topic) ?? []) heard()
}

/** Listens to a topic of one database until the returned function is called. */
export function listen(db: Db, topic: string, heard: () => void): () => void {
  const topics = topicsOf(db) ?? new Map<string, Set<() => void>>()
  listeners.set(db.getExecutor().adapter, topics)
  const ofTopic = topics.get(topic) ?? new Set()
  topics.set(topic, ofTopic.add(heard))
  return () => void ofTopic.delete(heard)
}
