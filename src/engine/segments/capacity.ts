/**
 * Documents a segment holds at most. Numbers of documents then fit 16 bits, the sums of a query over a segment fit the
 * second-level cache, and a merge takes bounded time and memory. Half as many: more look-ups of words a query.
 */
export const segmentCapacity = 65_536
