package io.treegrad.network;

import java.io.Serializable;

/** Something that shards contribute to by addition. */
public interface Sum<T extends Sum<T>> extends Serializable {
    /** Adds {@code other} to this; {@code other} stays as it is. Must be commutative to the last bit. */
    void add(T other);
}
