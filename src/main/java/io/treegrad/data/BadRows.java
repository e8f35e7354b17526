package io.treegrad.data;

import io.treegrad.common.UserError;
import java.util.List;
import java.util.TreeMap;

/** Rows that could not be read and are passed over, up to a number. */
public final class BadRows {
    private final int most;
    /** By the number of the row in its source. */
    private final TreeMap<Long, UserError> faults = new TreeMap<>();

    public BadRows(int most) {
        this.most = most;
    }

    /** @throws UserError the fault, if there are too many */
    public void add(long row, UserError fault) {
        if (faults.size() == most) {
            throw fault;
        }
        faults.put(row, fault);
    }

    /** Those that a source of which these are rows may add, and {@link #addAll} takes back. */
    BadRows remaining() {
        return new BadRows(most - faults.size());
    }

    void addAll(BadRows others, long offset) {
        others.faults.forEach((row, fault) -> add(row + offset, fault));
    }

    public boolean contains(long row) {
        return faults.containsKey(row);
    }

    public int count() {
        return faults.size();
    }

    /** What is wrong with each, in their order. */
    public List<UserError> faults() {
        return List.copyOf(faults.values());
    }
}
