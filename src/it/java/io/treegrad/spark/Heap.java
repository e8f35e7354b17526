package io.treegrad.spark;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.HashMap;
import java.util.Map;

/** What this JVM has in memory, and what its threads have asked for. */
final class Heap {
    private static final long NOTABLE_BYTES = 100_000;

    private Heap() {}

    /** Bytes that are reachable, or nearly so. */
    static long usedAfterCollection() {
        long least = Long.MAX_VALUE;
        // what a cleaner thread lets go of after one collection is taken by a later one; Spark's may have much to do
        for (int sinceLess = 0; sinceLess < 4; sinceLess++) {
            System.gc();
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            long left = leftByLastCollection();
            if (left < least - NOTABLE_BYTES) {
                sinceLess = 0;
            }
            least = Math.min(least, left);
        }
        return least;
    }

    /** Not what is in use now, which counts what threads have reserved for themselves: megabytes each. */
    private static long leftByLastCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /** Bytes that each live thread has allocated since it was started. */
    static Map<Long, Long> allocatedByThread() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated;
    }

    /** Bytes that all threads have allocated since then, but for threads that have ended. */
    static long allocatedSince(Map<Long, Long> then) {
        return allocatedByThread().entrySet().stream()
                .mapToLong(entry -> entry.getValue() - then.getOrDefault(entry.getKey(), 0L))
                .sum();
    }
}
