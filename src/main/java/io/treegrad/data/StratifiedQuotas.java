package io.treegrad.data;

import java.util.Arrays;

/**
 * How many rows of each class go to each part: {@code rowsOfClass * rowsOfPart / rows}, rounded down or up so that the
 * sums over classes and over parts are both exact.
 *
 * <p>Such a table always exists: the fractions are a flow from classes to parts through cells of capacity 1, and where
 * all sums are whole there is a whole flow as well. It is found by augmenting paths: M. Bacharach, "Matrix rounding
 * problems", Management Science 12(9), 1966, and L. Ford, D. Fulkerson, "Flows in Networks", 1962.
 */
final class StratifiedQuotas {
    private final int[][] quotas;
    /** Cells with a fraction, and those of them that were rounded up.   [class][part] */
    private final boolean[][] uneven;

    private final boolean[][] raised;
    /** Rows that each part still lacks. */
    private final int[] lacking;

    /** Both arrays have the same sum, which is above 0. */
    StratifiedQuotas(int[] rowsOfClass, int[] rowsOfPart) {
        int classes = rowsOfClass.length;
        int parts = rowsOfPart.length;
        long rows = Arrays.stream(rowsOfPart).asLongStream().sum();
        quotas = new int[classes][parts];
        uneven = new boolean[classes][parts];
        raised = new boolean[classes][parts];
        lacking = rowsOfPart.clone();
        for (int label = 0; label < classes; label++) {
            for (int part = 0; part < parts; part++) {
                long product = (long) rowsOfClass[label] * rowsOfPart[part];
                quotas[label][part] = (int) (product / rows);
                uneven[label][part] = product % rows != 0;
                lacking[part] -= quotas[label][part];
            }
        }
        for (int label = 0; label < classes; label++) {
            int left = rowsOfClass[label] - Arrays.stream(quotas[label]).sum();
            for (int row = 0; row < left; row++) {
                if (!place(label, new boolean[parts])) {
                    throw new IllegalStateException("No rounding of " + Arrays.toString(rowsOfClass) + " rows to "
                            + Arrays.toString(rowsOfPart) + ".");
                }
            }
        }
        for (int label = 0; label < classes; label++) {
            for (int part = 0; part < parts; part++) {
                quotas[label][part] += raised[label][part] ? 1 : 0;
            }
        }
    }

    /** Rows of each class in each part.   [class][part] */
    int[][] table() {
        return quotas;
    }

    /** Gives one more row of a class to a part that lacks one, or to a part that can pass on a row of another class. */
    private boolean place(int label, boolean[] visited) {
        for (int part = 0; part < visited.length; part++) {
            if (visited[part] || !uneven[label][part] || raised[label][part]) {
                continue;
            }
            visited[part] = true;
            if (lacking[part] > 0) {
                lacking[part]--;
                raised[label][part] = true;
                return true;
            }
            for (int other = 0; other < raised.length; other++) {
                if (other != label && raised[other][part] && place(other, visited)) {
                    raised[other][part] = false;
                    raised[label][part] = true;
                    return true;
                }
            }
        }
        return false;
    }
}
