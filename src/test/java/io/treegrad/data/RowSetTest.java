package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowSetTest {
    @Test
    void rangeHoldsItsEndsAsPromised() {
        RowSet range = RowSet.range(5, 9);
        assertEquals(4, range.size());
        assertEquals(5, range.first());
        assertEquals(9, range.end());
        assertTrue(range.contains(5) && range.contains(8));
        assertFalse(range.contains(4) || range.contains(9));
        assertEquals(RowSet.range(6, 8), range.slice(1, 3));
        assertEquals(RowSet.range(1_000_000_000_005L, 1_000_000_000_009L), range.shifted(1_000_000_000_000L));
    }

    @Test
    void bothKindsAgreeWithAPlainSet() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 200; round++) {
            TreeSet<Integer> plain = new TreeSet<>();
            int bound = 1 + random.nextInt(40);
            int wanted = random.nextInt(20);
            int firstRow = random.nextInt(100);
            for (int i = 0; i < wanted; i++) {
                plain.add(round % 3 == 0 ? firstRow + i : random.nextInt(bound));
            }
            int[] members = plain.stream().mapToInt(Integer::intValue).toArray();
            RowSet set = RowSet.of(members);
            String replay = plain + ", seed " + seed;
            assertEquals(plain.size(), set.size(), replay);
            assertEquals(plain.isEmpty() ? 0 : plain.last() + 1, set.end(), replay);
            for (int row = -2; row < 125; row++) {
                assertEquals(plain.contains(row), set.contains(row), replay);
                assertEquals(plain.headSet(row).size(), set.below(row), replay);
            }
            for (int i = 0; i < members.length; i++) {
                assertEquals(members[i], set.at(i), replay);
            }
            int from = random.nextInt(members.length + 1);
            int to = from + random.nextInt(members.length - from + 1);
            RowSet slice = set.slice(from, to).shifted(3);
            assertEquals(to - from, slice.size(), replay);
            for (int i = from; i < to; i++) {
                assertEquals(members[i] + 3, slice.at(i - from), replay);
            }
        }
    }

    @Test
    void equalMembersMakeEqualSets() {
        assertEquals(RowSet.range(3, 6), RowSet.of(new int[] {3, 4, 5}));
        assertInstanceOf(RowSet.Range.class, RowSet.of(new int[] {1, 3, 4, 5}).slice(1, 4));
        assertEquals(RowSet.of(new int[] {1, 3}), RowSet.of(new int[] {0, 1, 3}).slice(1, 3));
        assertEquals(RowSet.of(new int[0]), RowSet.range(7, 7));
    }

    @Test
    void laterChangesOfTheArrayDoNotReachTheSet() {
        int[] members = {1, 3, 9};
        RowSet set = RowSet.of(members);
        members[1] = 4;
        assertEquals(3, set.at(1));
    }

    @Test
    void badMembersAndSlicesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> RowSet.of(new int[] {1, 1}));
        assertThrows(IllegalArgumentException.class, () -> RowSet.of(new int[] {-1, 1}));
        assertThrows(IllegalArgumentException.class, () -> RowSet.range(2, 1));
        assertThrows(IllegalArgumentException.class, () -> RowSet.range(-1, 1));
        for (RowSet set : new RowSet[] {RowSet.range(0, 3), RowSet.of(new int[] {1, 3, 9})}) {
            assertThrows(IndexOutOfBoundsException.class, () -> set.slice(0, 4));
            assertThrows(IndexOutOfBoundsException.class, () -> set.slice(2, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> set.at(3));
        }
    }
}
