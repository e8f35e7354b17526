package io.treegrad.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An ascending set of row numbers of a {@link RowSource}. Immutable; two sets are equal if they have the same members.
 * Walk it with {@code for (long i = 0; i < set.size(); i++) set.at(i)}, which allocates nothing.
 */
public sealed interface RowSet extends Serializable {
    /** The rows {@code first} to {@code end - 1}, in constant memory. */
    static RowSet range(long first, long end) {
        return new Range(first, end);
    }

    /** The given rows, strictly ascending; the array is copied. */
    static RowSet of(int[] ascending) {
        for (int i = 0; i < ascending.length; i++) {
            if (ascending[i] < 0 || (i > 0 && ascending[i] <= ascending[i - 1])) {
                throw new IllegalArgumentException("Row number " + ascending[i] + " is at position " + i
                        + ", expected strictly ascending numbers from 0.");
            }
        }
        return Listed.canonical(ascending, 0, ascending.length);
    }

    long size();

    /** The member with {@code index} smaller members; index 0 to {@code size() - 1}. */
    long at(long index);

    /** How many members are smaller than {@code row}. */
    long below(long row);

    /** Its {@code from}-th to {@code (to - 1)}-th members, counted from 0. */
    RowSet slice(long from, long to);

    /** The set with {@code offset} added to each member. */
    RowSet shifted(long offset);

    /** Those of the rows {@code first} to {@code end - 1}, as a part that begins at {@code first} counts them. */
    default RowSet within(long first, long end) {
        return slice(below(first), below(end)).shifted(-first);
    }

    /** The members of both; in constant memory where the result has no gaps. */
    default RowSet union(RowSet other) {
        if (size() == 0 || other.size() == 0) {
            return size() == 0 ? other : this;
        }
        if (this instanceof Range a && other instanceof Range b && a.first <= b.end && b.first <= a.end) {
            return range(Math.min(a.first, b.first), Math.max(a.end, b.end));
        }
        int[] merged = new int[Math.toIntExact(size() + other.size())];
        int count = 0;
        for (long i = 0, j = 0; i < size() || j < other.size(); count++) {
            long mine = i < size() ? at(i) : Long.MAX_VALUE;
            long theirs = j < other.size() ? other.at(j) : Long.MAX_VALUE;
            merged[count] = Math.toIntExact(Math.min(mine, theirs));
            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }
        return of(Arrays.copyOf(merged, count));
    }

    /** The positions of the members in {@code superset}, which has all of them: position 0 is its smallest member. */
    default RowSet positionsIn(RowSet superset) {
        long from = superset.below(first());
        if (superset.below(end()) - from == size()) {
            return range(from, from + size());
        }
        int[] positions = new int[Math.toIntExact(size())];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Math.toIntExact(superset.below(at(i)));
        }
        return of(positions);
    }

    /** The smallest member, or {@link #end()} of an empty set. */
    default long first() {
        return size() == 0 ? end() : at(0);
    }

    /** One more than the largest member; 0 if there is none. */
    default long end() {
        return size() == 0 ? 0 : at(size() - 1) + 1;
    }

    default boolean contains(long row) {
        return below(row + 1) > below(row);
    }

    /** The rows {@code first} to {@code end - 1}; the empty set is {@code (0, 0)}. */
    record Range(long first, long end) implements RowSet {
        public Range {
            if (first < 0 || end < first) {
                throw new IllegalArgumentException(
                        "The range is " + first + " to " + end + ", expected 0 <= first <= end.");
            }
            if (first == end) {
                first = 0;
                end = 0;
            }
        }

        @Override
        public long size() {
            return end - first;
        }

        @Override
        public long at(long index) {
            checkSlice(this, index, index + 1);
            return first + index;
        }

        @Override
        public long below(long row) {
            return Math.max(0, Math.min(row, end) - first);
        }

        @Override
        public RowSet slice(long from, long to) {
            checkSlice(this, from, to);
            return new Range(first + from, first + to);
        }

        @Override
        public RowSet shifted(long offset) {
            return size() == 0 ? this : new Range(first + offset, end + offset);
        }
    }

    /** Rows with gaps; always made by {@link #canonical}, so that equal sets are equal objects. */
    final class Listed implements RowSet {
        private static final long serialVersionUID = 1;

        private final int[] members;

        private Listed(int[] members) {
            this.members = members;
        }

        /** Copies, so that a slice that is sent to a task holds only its own members. */
        private static RowSet canonical(int[] ascending, int from, int to) {
            if (from == to) {
                return new Range(0, 0);
            }
            int first = ascending[from];
            int last = ascending[to - 1];
            if (last - first == to - from - 1) {
                return new Range(first, last + 1L);
            }
            return new Listed(Arrays.copyOfRange(ascending, from, to));
        }

        @Override
        public long size() {
            return members.length;
        }

        @Override
        public long at(long index) {
            return members[Math.toIntExact(index)];
        }

        @Override
        public long below(long row) {
            if (row > Integer.MAX_VALUE) {
                return members.length;
            }
            int found = Arrays.binarySearch(members, (int) Math.max(row, 0));
            return found >= 0 ? found : -(found + 1);
        }

        @Override
        public RowSet slice(long from, long to) {
            checkSlice(this, from, to);
            return canonical(members, (int) from, (int) to);
        }

        @Override
        public RowSet shifted(long offset) {
            int[] moved = new int[members.length];
            for (int i = 0; i < moved.length; i++) {
                moved[i] = Math.toIntExact(members[i] + offset);
            }
            return RowSet.of(moved);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Listed that && Arrays.equals(members, that.members);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(members);
        }

        @Override
        public String toString() {
            return members.length + " rows from " + first() + " to " + (end() - 1);
        }
    }

    private static void checkSlice(RowSet set, long from, long to) {
        if (from < 0 || to < from || to > set.size()) {
            throw new IndexOutOfBoundsException("Members " + from + " to " + to + " of a set of " + set.size() + ".");
        }
    }
}
