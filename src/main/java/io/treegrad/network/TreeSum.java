package io.treegrad.network;

import java.io.Serializable;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A sum over numbered leaves whose order of additions is a binary tree over the leaf numbers, and nothing else.
 *
 * <p>Node {@code (level, index)} covers leaves {@code [index · 2^level, (index + 1) · 2^level)}; its value is the left
 * child's plus the right child's. Where the right child lies wholly beyond the last leaf the left one is taken as it is.
 * A partial sum holds the nodes that are complete so far and joins two only when they are siblings, so whatever subsets
 * of leaves are gathered in whatever order, on whatever machine, each addition has the same operands and the total has
 * the same bits.
 *
 * <p>An empty partial sum is the neutral element and takes a few bytes on the wire. Not thread-safe.
 */
public final class TreeSum<T extends Sum<T>> implements Serializable {
    private static final long serialVersionUID = 1;

    private record Node<T extends Sum<T>>(int level, T value) implements Serializable {}

    private final int leaves;
    private final int rootLevel;
    /** Complete nodes by their first leaf; no two are siblings. */
    private final TreeMap<Integer, Node<T>> nodes = new TreeMap<>();

    /** @param leaves number of leaves of the whole tree, not of this partial sum */
    public TreeSum(int leaves) {
        if (leaves < 1) {
            throw new IllegalArgumentException("a tree of " + leaves + " leaves: expected at least 1");
        }
        this.leaves = leaves;
        this.rootLevel = 32 - Integer.numberOfLeadingZeros(leaves - 1);
    }

    /** Adds one leaf. The value belongs to this sum from now on and may be changed by it. */
    public void put(int leaf, T value) {
        put(leaf, value, spare -> {});
    }

    /** As above, and hands values that have been added to others to {@code spares}: nobody needs them any more. */
    public void put(int leaf, T value, Consumer<? super T> spares) {
        if (leaf < 0 || leaf >= leaves) {
            throw new IllegalArgumentException("leaf " + leaf + " of " + leaves);
        }
        join(leaf, new Node<>(0, value), (sum, spare) -> {
            sum.add(spare);
            spares.accept(spare);
        });
    }

    /** Adds a node that another partial sum has completed. The value belongs to this sum from now on. */
    public void putNode(int firstLeaf, int level, T value) {
        if (level < 0 || level > rootLevel || firstLeaf < 0 || firstLeaf >= leaves || firstLeaf % (1 << level) != 0) {
            throw new IllegalArgumentException(
                    "node of level " + level + " from leaf " + firstLeaf + " in a tree of " + leaves + " leaves");
        }
        join(firstLeaf, new Node<>(level, value), T::add);
    }

    /** Takes over all nodes of {@code other}, which must not be used afterwards. */
    public void merge(TreeSum<T> other) {
        merge(other, T::add);
    }

    /**
     * As above, where {@code addition} adds its second argument to its first, or remembers to do so: each addition can be
     * done later, after those that came before it.
     */
    public void merge(TreeSum<T> other, BiConsumer<? super T, ? super T> addition) {
        if (other.leaves != leaves) {
            throw new IllegalArgumentException("a tree of " + other.leaves + " leaves into one of " + leaves);
        }
        other.nodes.forEach((first, node) -> join(first, node, addition));
    }

    private void join(int firstLeaf, Node<T> added, BiConsumer<? super T, ? super T> addition) {
        int first = firstLeaf;
        Node<T> node = added;
        var before = nodes.floorEntry(first);
        var after = nodes.ceilingKey(first);
        if ((before != null && before.getKey() + (1L << before.getValue().level()) > first)
                || (after != null && after < first + (1L << node.level()))) {
            throw new IllegalStateException("leaf " + first + " was added twice");
        }
        while (node.level() < rootLevel) {
            int width = 1 << node.level();
            boolean left = (first & width) == 0;
            int siblingFirst = left ? first + width : first - width;
            if (left && siblingFirst >= leaves) {
                node = new Node<>(node.level() + 1, node.value());
                continue;
            }
            Node<T> sibling = nodes.get(siblingFirst);
            if (sibling == null || sibling.level() != node.level()) {
                break;
            }
            nodes.remove(siblingFirst);
            // addition commutes, so it does not matter which of the two keeps the sum
            addition.accept(sibling.value(), node.value());
            first = Math.min(first, siblingFirst);
            node = new Node<>(node.level() + 1, sibling.value());
        }
        nodes.put(first, node);
    }

    /** Sees the nodes that are complete so far. */
    @FunctionalInterface
    public interface NodeVisitor<T> {
        void visit(int firstLeaf, int level, T value);
    }

    /** Visits the nodes that are complete so far, by their first leaf. */
    public void forEach(NodeVisitor<? super T> visitor) {
        nodes.forEach((first, node) -> visitor.visit(first, node.level(), node.value()));
    }

    /** Number of nodes that are complete so far and have no sibling here. */
    public int nodes() {
        return nodes.size();
    }

    public boolean isComplete() {
        return nodes.size() == 1 && nodes.firstEntry().getValue().level() == rootLevel;
    }

    /**
     * The sum of all leaves.
     *
     * @throws IllegalStateException if a leaf is missing
     */
    public T total() {
        if (!isComplete()) {
            throw new IllegalStateException(
                    "the sum of " + leaves + " leaves is not complete: it has " + nodes.keySet());
        }
        return nodes.firstEntry().getValue().value();
    }
}
