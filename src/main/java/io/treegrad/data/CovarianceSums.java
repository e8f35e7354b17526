package io.treegrad.data;

import io.treegrad.network.DenseBatch;
import io.treegrad.network.Sum;

/**
 * Sums of the features, and of the products of each pair of features, over a set of scaled rows. The products of a
 * block are computed in float, and blocks are summed in double.
 */
public final class CovarianceSums implements Sum<CovarianceSums> {
    private static final long serialVersionUID = 1;

    private final int features;
    private final double[] sum;
    /** {@code XᵀX [features × features]}. */
    private final double[] products;

    private long rows;

    public CovarianceSums(int features) {
        this.features = features;
        sum = new double[features];
        products = new double[Math.multiplyExact(features, features)];
    }

    /** @param scratch overwritten   [features × features] */
    public void add(DenseBatch block, float[] scratch) {
        float[] x = block.inputs();
        int m = block.rows();
        block.products(scratch); // [features × features] = [m × features]ᵀ [m × features]
        for (int i = 0; i < products.length; i++) {
            products[i] += scratch[i];
        }
        for (int row = 0; row < m; row++) {
            for (int feature = 0; feature < features; feature++) {
                sum[feature] += x[row * features + feature];
            }
        }
        rows += m;
    }

    @Override
    public void add(CovarianceSums other) {
        for (int i = 0; i < products.length; i++) {
            products[i] += other.products[i];
        }
        for (int feature = 0; feature < features; feature++) {
            sum[feature] += other.sum[feature];
        }
        rows += other.rows;
    }

    /** Of each feature.   [features] */
    public double[] mean() {
        double[] mean = new double[features];
        for (int feature = 0; feature < features; feature++) {
            mean[feature] = sum[feature] / rows;
        }
        return mean;
    }

    /**
     * {@code XᵀX / rows - mean meanᵀ}: the covariance of the rows themselves, without correction for a
     * sample.   [features × features]
     */
    public double[] covariance() {
        double[] mean = mean();
        double[] covariance = new double[products.length];
        for (int i = 0; i < features; i++) {
            for (int j = 0; j < features; j++) {
                covariance[i * features + j] = products[i * features + j] / rows - mean[i] * mean[j];
            }
        }
        return covariance;
    }
}
