package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws that let partial sums travel: neutral element, any grouping, any order, the same bits. */
class TreeSumTest {
    private static final int PARAMETERS = 8;

    @Test
    void fiveLeavesAreAddedAsTheTreeSays() {
        // ((0 + 1) + (2 + 3)) + 4 with 1, 2^-24, 2^-24, 2^-24, 2^-24:
        //   1 + 2^-24 is a tie and rounds to 1; 2^-24 + 2^-24 = 2^-23; 1 + 2^-23 is exact; + 2^-24 is a tie and
        //   rounds to even, 1 + 2^-22. From left to right every step rounds back to 1.
        float tiny = 0x1p-24f;
        TreeSum<GradientSum> sum = new TreeSum<>(5);
        for (int leaf = 4; leaf >= 0; leaf--) {
            sum.put(leaf, filled(leaf == 0 ? 1 : tiny));
        }
        assertEquals(1 + 0x1p-22f, sum.total().gradient()[0]);
        float leftToRight = 1;
        for (int leaf = 1; leaf < 5; leaf++) {
            leftToRight += tiny;
        }
        assertEquals(1f, leftToRight);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 32, 33, 63, 64, 65, 70})
    void everyGroupingAndOrderGivesTheBitsOfTheTree(int leaves) throws Exception {
        boolean orderMatters = false;
        for (long seed = 0; seed < 60; seed++) {
            String replay = leaves + " leaves, seed " + seed;
            GradientSum expected = byDefinition(leaves, seed, levels(leaves), 0);
            TreeSum<GradientSum> gathered = gathered(leaves, seed, new SplitMix64(SplitMix64.mix(seed, leaves)));
            assertTrue(gathered.isComplete(), replay);
            assertSameBits(expected, gathered.total(), replay);
            orderMatters |= !Arrays.equals(
                    expected.gradient(), fromLeftToRight(leaves, seed).gradient());
        }
        assertEquals(leaves > 3, orderMatters, "sums from left to right must differ, else this test shows nothing");
    }

    /** As nodes travel between executors, which know each by its first leaf and its level. */
    @Test
    void nodesThatAreTakenApartAndPutElsewhereGiveTheBitsOfTheTree() {
        for (int leaves : new int[] {1, 2, 5, 8, 13}) {
            for (int split = 0; split <= leaves; split++) {
                TreeSum<GradientSum> first = new TreeSum<>(leaves);
                TreeSum<GradientSum> second = new TreeSum<>(leaves);
                for (int leaf = 0; leaf < leaves; leaf++) {
                    (leaf < split ? first : second).put(leaf, leaf(7, leaf));
                }
                int nodes = first.nodes() + second.nodes();
                TreeSum<GradientSum> sum = new TreeSum<>(leaves);
                List<Integer> visited = new ArrayList<>();
                for (TreeSum<GradientSum> part : List.of(second, first)) {
                    part.forEach((firstLeaf, level, value) -> {
                        visited.add(firstLeaf);
                        sum.putNode(firstLeaf, level, value);
                    });
                }
                assertEquals(nodes, visited.size());
                assertSameBits(byDefinition(leaves, 7, levels(leaves), 0), sum.total(), leaves + " leaves at " + split);
            }
        }
    }

    @Test
    void nodesThatTheTreeDoesNotHaveAreRefused() {
        TreeSum<GradientSum> sum = new TreeSum<>(5); // levels 0 to 3
        for (int[] node : new int[][] {{0, -1}, {0, 4}, {-1, 0}, {-8, 3}, {5, 0}, {8, 3}, {1, 1}, {2, 2}, {4, 3}}) {
            assertThrows(IllegalArgumentException.class, () -> sum.putNode(node[0], node[1], filled(1)));
        }
        assertEquals(0, sum.nodes());
        sum.putNode(4, 0, filled(1));
        sum.putNode(0, 2, filled(1));
        assertTrue(sum.isComplete());
        TreeSum<GradientSum> whole = new TreeSum<>(5);
        whole.putNode(0, 3, filled(1));
        assertTrue(whole.isComplete());
        assertThrows(IllegalArgumentException.class, () -> new TreeSum<GradientSum>(4).putNode(0, 3, filled(1)));
    }

    /** Deals the leaves into partial sums at random, then merges these at random, some after a trip over the wire. */
    private static TreeSum<GradientSum> gathered(int leaves, long seed, SplitMix64 random) throws Exception {
        List<TreeSum<GradientSum>> partials = new ArrayList<>();
        int groups = 1 + random.nextInt(leaves + 2); // more groups than leaves: some stay empty
        for (int group = 0; group < groups; group++) {
            partials.add(new TreeSum<>(leaves));
        }
        List<Integer> order = new ArrayList<>();
        for (int leaf = 0; leaf < leaves; leaf++) {
            order.add(random.nextInt(leaf + 1), leaf);
        }
        for (int leaf : order) {
            partials.get(random.nextInt(groups)).put(leaf, leaf(seed, leaf));
        }
        while (partials.size() > 1) {
            TreeSum<GradientSum> from = partials.remove(random.nextInt(partials.size()));
            partials.get(random.nextInt(partials.size())).merge(random.nextInt(4) == 0 ? overTheWire(from) : from);
        }
        return partials.get(0);
    }

    @Test
    void valuesHandedBackAsSparesMayBeUsedAgain() {
        int leaves = 13;
        Deque<GradientSum> spares = new ArrayDeque<>();
        int made = 0;
        TreeSum<GradientSum> tree = new TreeSum<>(leaves);
        for (int leaf = 0; leaf < leaves; leaf++) {
            GradientSum value = spares.poll();
            if (value == null) {
                value = new GradientSum(PARAMETERS);
                made++;
            }
            GradientSum wanted = leaf(3, leaf);
            System.arraycopy(wanted.gradient(), 0, value.gradient(), 0, PARAMETERS);
            value.setCounts(wanted.counts());
            tree.put(leaf, value, spares::add);
        }
        assertSameBits(byDefinition(leaves, 3, levels(leaves), 0), tree.total(), "with spares");
        assertEquals(levels(leaves), made); // 8, 4, 2 and 1 leaves in progress, the last of them in place
    }

    @Test
    void emptySumIsNeutralFromTheLeftAndFromTheRight() {
        for (int leaves : new int[] {1, 2, 7, 64}) {
            GradientSum expected = byDefinition(leaves, 5, levels(leaves), 0);
            TreeSum<GradientSum> into = allLeaves(leaves, 5);
            into.merge(new TreeSum<>(leaves));
            assertSameBits(expected, into.total(), leaves + " leaves, empty from the right");
            TreeSum<GradientSum> empty = new TreeSum<>(leaves);
            empty.merge(allLeaves(leaves, 5));
            assertSameBits(expected, empty.total(), leaves + " leaves, empty from the left");
        }
    }

    @Test
    void totalOfAnIncompleteSumIsRefused() {
        for (int leaves = 1; leaves <= 9; leaves++) {
            for (int missing = 0; missing < leaves; missing++) {
                TreeSum<GradientSum> sum = new TreeSum<>(leaves);
                for (int leaf = 0; leaf < leaves; leaf++) {
                    if (leaf != missing) {
                        sum.put(leaf, leaf(1, leaf));
                    }
                }
                assertFalse(sum.isComplete(), "without leaf " + missing + " of " + leaves);
                assertThrows(IllegalStateException.class, sum::total, "without leaf " + missing + " of " + leaves);
            }
        }
    }

    @Test
    void leafThatIsAddedTwiceIsRefused() {
        // by itself, after it was joined with others, and as part of a partial sum that overlaps
        for (int leaves : new int[] {1, 2, 5, 8, 13}) {
            for (int twice = 0; twice < leaves; twice++) {
                TreeSum<GradientSum> sum = allLeaves(leaves, 2);
                int leaf = twice;
                assertThrows(IllegalStateException.class, () -> sum.put(leaf, leaf(2, leaf)));
                TreeSum<GradientSum> one = new TreeSum<>(leaves);
                one.put(leaf, leaf(2, leaf));
                assertThrows(IllegalStateException.class, () -> one.merge(allLeaves(leaves, 2)));
                assertThrows(IllegalStateException.class, () -> one.put(leaf, leaf(2, leaf)));
            }
        }
    }

    @Test
    void leavesOutsideTheTreeAndOtherTreesAreRefused() {
        TreeSum<GradientSum> sum = new TreeSum<>(3);
        assertThrows(IllegalArgumentException.class, () -> sum.put(3, filled(1)));
        assertThrows(IllegalArgumentException.class, () -> sum.put(-1, filled(1)));
        assertThrows(IllegalArgumentException.class, () -> sum.merge(new TreeSum<>(4)));
        assertThrows(IllegalArgumentException.class, () -> new TreeSum<GradientSum>(0));
    }

    @Test
    void emptySumTakesAFewBytesOnTheWireWhateverTheNetwork() throws Exception {
        int bytes = serialized(new TreeSum<GradientSum>(64)).length;
        assertTrue(bytes < 300, bytes + " bytes");
    }

    @Test
    void partialSumHoldsNoMoreThanItsJoinedNodes() throws Exception {
        // seven of eight leaves in sequence are three nodes: 4 + 2 + 1
        GradientSum[] large = new GradientSum[7];
        TreeSum<GradientSum> sum = new TreeSum<>(8);
        for (int leaf = 0; leaf < 7; leaf++) {
            large[leaf] = new GradientSum(10_000);
            sum.put(leaf, large[leaf]);
        }
        int bytes = serialized(sum).length;
        assertTrue(bytes > 3 * 40_000 && bytes < 3 * 40_000 + 2000, bytes + " bytes");
    }

    /** Node (level, index) as the class documentation defines it: left child plus right child, if there is a right one. */
    private static GradientSum byDefinition(int leaves, long seed, int level, int index) {
        if (level == 0) {
            return leaf(seed, index);
        }
        GradientSum left = byDefinition(leaves, seed, level - 1, 2 * index);
        if ((2 * index + 1) << (level - 1) < leaves) {
            left.add(byDefinition(leaves, seed, level - 1, 2 * index + 1));
        }
        return left;
    }

    private static int levels(int leaves) {
        int levels = 0;
        while (1 << levels < leaves) {
            levels++;
        }
        return levels;
    }

    private static GradientSum fromLeftToRight(int leaves, long seed) {
        GradientSum sum = leaf(seed, 0);
        for (int leaf = 1; leaf < leaves; leaf++) {
            sum.add(leaf(seed, leaf));
        }
        return sum;
    }

    private static TreeSum<GradientSum> allLeaves(int leaves, long seed) {
        TreeSum<GradientSum> sum = new TreeSum<>(leaves);
        for (int leaf = 0; leaf < leaves; leaf++) {
            sum.put(leaf, leaf(seed, leaf));
        }
        return sum;
    }

    /** Values of very different sizes and both signs, so that the order of additions shows in the last bits. */
    private static GradientSum leaf(long seed, int leaf) {
        SplitMix64 random = new SplitMix64(SplitMix64.mix(seed, leaf));
        GradientSum sum = new GradientSum(PARAMETERS);
        for (int i = 0; i < PARAMETERS; i++) {
            sum.gradient()[i] = (float) (random.nextGaussian() * StrictMath.exp(3 * random.nextGaussian()));
        }
        sum.setCounts(Sums.unweighted(
                random.nextGaussian() * StrictMath.exp(3 * random.nextGaussian()), leaf, 2L * leaf + 1));
        return sum;
    }

    private static GradientSum filled(float value) {
        GradientSum sum = new GradientSum(PARAMETERS);
        Arrays.fill(sum.gradient(), value);
        return sum;
    }

    private static void assertSameBits(GradientSum expected, GradientSum actual, String message) {
        assertArrayEquals(expected.gradient(), actual.gradient(), message); // without a tolerance: bits
        assertEquals(
                Double.doubleToLongBits(expected.counts().lossSum()),
                Double.doubleToLongBits(actual.counts().lossSum()),
                message);
        assertEquals(expected.counts().correct(), actual.counts().correct(), message);
        assertEquals(expected.counts().rows(), actual.counts().rows(), message);
    }

    private static TreeSum<GradientSum> overTheWire(TreeSum<GradientSum> sum) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized(sum)))) {
            @SuppressWarnings("unchecked") // what was written one line above
            TreeSum<GradientSum> copy = (TreeSum<GradientSum>) in.readObject();
            return copy;
        }
    }

    private static byte[] serialized(TreeSum<GradientSum> sum) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sum);
        }
        return bytes.toByteArray();
    }
}
