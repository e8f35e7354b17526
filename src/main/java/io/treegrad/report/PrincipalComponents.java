package io.treegrad.report;

import dev.ludovic.netlib.lapack.LAPACK;
import java.lang.reflect.Method;
import org.netlib.util.intW;

/**
 * The directions in which rows differ most: eigenvectors of their covariance, the largest eigenvalue first. The entry
 * of largest magnitude in each (the first, if there are several) is positive. Computed in plain Java, so that the same
 * covariance gives the same bits on every machine.
 */
public final class PrincipalComponents {
    private final double[] mean;
    /** {@code [count × features]}, orthonormal rows. */
    private final double[] directions;

    private final double[] variances;
    private final double totalVariance;

    private PrincipalComponents(double[] mean, double[] directions, double[] variances, double totalVariance) {
        this.mean = mean;
        this.directions = directions;
        this.variances = variances;
        this.totalVariance = totalVariance;
    }

    /**
     * @param mean of each feature; copied   [features]
     * @param covariance symmetric; only its upper triangle is read   [features × features]
     * @param count how many components, 1 to the number of features
     */
    public static PrincipalComponents of(double[] mean, double[] covariance, int count) {
        int features = mean.length;
        if (count < 1 || count > features) {
            throw new IllegalArgumentException(
                    count + " principal components of " + features + " features: expected 1 to " + features);
        }
        if (covariance.length != (long) features * features) {
            throw new IllegalArgumentException("a covariance of " + covariance.length + " values for " + features
                    + " features: expected " + (long) features * features);
        }
        double total = 0;
        for (int feature = 0; feature < features; feature++) {
            total += covariance[feature * features + feature];
        }
        for (double value : covariance) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a covariance of " + value + ": expected finite numbers");
            }
        }
        double[] values = new double[features];
        // column-major [features × count], the eigenvalues ascending
        double[] vectors = new double[features * count];
        solve(covariance.clone(), features, count, values, vectors);

        double[] directions = new double[count * features];
        double[] variances = new double[count];
        for (int component = 0; component < count; component++) {
            int column = (count - 1 - component) * features;
            double sign = sign(vectors, column, features);
            for (int feature = 0; feature < features; feature++) {
                directions[component * features + feature] = sign * vectors[column + feature];
            }
            // rounding may leave a variance of zero slightly below it
            variances[component] = Math.max(0, values[count - 1 - component]);
        }
        return new PrincipalComponents(mean.clone(), directions, variances, total);
    }

    public int count() {
        return variances.length;
    }

    public int features() {
        return mean.length;
    }

    /** The variance along a component. */
    public double variance(int component) {
        return variances[component];
    }

    /** The variance along a component as a share of all variance, 0 to 1; 0 when rows do not vary. */
    public double share(int component) {
        return totalVariance > 0 ? variances[component] / totalVariance : 0;
    }

    /** One entry of the unit vector of a component. */
    public double direction(int component, int feature) {
        return directions[component * features() + feature];
    }

    /**
     * The coordinate of a row along each component: {@code (row - mean) · direction}.
     *
     * @param row in the units of the covariance   [features]
     * @return {@code [count]}
     */
    double[] project(float[] row) {
        int features = features();
        if (row.length != features) {
            throw new IllegalArgumentException(row.length + " values in a row, expected " + features);
        }
        double[] place = new double[count()];
        for (int component = 0; component < place.length; component++) {
            double sum = 0;
            for (int feature = 0; feature < features; feature++) {
                sum += (row[feature] - mean[feature]) * directions[component * features + feature];
            }
            place[component] = sum;
        }
        return place;
    }

    /** The {@code count} largest eigenvalues and their vectors, ascending. Destroys {@code matrix}. */
    private static void solve(double[] matrix, int n, int count, double[] values, double[] vectors) {
        intW found = new intW(0);
        intW info = new intW(0);
        double[] work = new double[32 * n];
        int[] integerWork = new int[10 * n];
        // our row-major upper triangle is the lower one of LAPACK's column-major matrix
        lapack().dsyevr(
                        "V",
                        "I",
                        "L",
                        n,
                        matrix,
                        n,
                        0,
                        0,
                        n - count + 1,
                        n,
                        0,
                        found,
                        values,
                        vectors,
                        n,
                        new int[2 * n],
                        work,
                        work.length,
                        integerWork,
                        integerWork.length,
                        info);
        if (info.val != 0 || found.val != count) {
            throw new IllegalStateException("LAPACK's dsyevr found " + found.val + " of " + count
                    + " eigenvectors of a " + n + " x " + n + " covariance and ended with " + info.val);
        }
    }

    /**
     * netlib's public entry first tries to load a native LAPACK, and warns if there is none. Getting the Java class by
     * name avoids both.
     */
    private static LAPACK lapack() {
        try {
            Method getInstance =
                    Class.forName(LAPACK.class.getPackageName() + ".F2jLAPACK").getDeclaredMethod("getInstance");
            getInstance.setAccessible(true);
            return (LAPACK) getInstance.invoke(null);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException("netlib's LAPACK is not the one this was built with", missing);
        }
    }

    private static double sign(double[] vectors, int from, int length) {
        int largest = from;
        for (int i = from; i < from + length; i++) {
            // entries that differ by rounding alone count as equal: the first of them decides
            if (Math.abs(vectors[i]) > Math.abs(vectors[largest]) * (1 + 1e-9)) {
                largest = i;
            }
        }
        return vectors[largest] < 0 ? -1 : 1;
    }
}
