package io.treegrad.spark;

import io.treegrad.common.UserError;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * What is known of the rows of an RDD before they are used.
 *
 * @param features of every row; -1 if there are no rows
 * @param greatestLabel of rows of classes
 * @param refusal why they cannot be trained on; null if they can
 */
record RddSurvey(long rows, int features, int greatestLabel, UserError refusal) implements Serializable {
    /** A larger label is a value in the place of a label. */
    static final int MOST_CLASSES = 65_536;

    /**
     * Looks at every row.
     *
     * @param classes labels are whole numbers below this; 0 if they are numbers to predict
     * @return one for each partition
     * @throws UserError BAD_DATA with the first partition and row that cannot be trained on
     */
    static List<RddSurvey> of(JavaRDD<LabeledRow> rdd, int classes) {
        List<RddSurvey> surveys = rdd.mapPartitionsWithIndex(
                        (partition, rows) ->
                                List.of(of(partition, rows, classes)).iterator(),
                        true)
                .collect();
        for (RddSurvey survey : surveys) {
            if (survey.refusal != null) {
                throw survey.refusal;
            }
        }
        return surveys;
    }

    /** One partition. */
    static RddSurvey of(int partition, Iterator<LabeledRow> rows, int classes) {
        long count = 0;
        int features = -1;
        int greatest = 0;
        for (; rows.hasNext(); count++) {
            LabeledRow row = rows.next();
            features = features < 0 && row != null ? row.features() : features;
            String fault = row == null ? "found null, expected a row" : fault(row, features, classes);
            if (fault != null) {
                String place = "row " + count + " of partition " + partition + " of the RDD";
                return new RddSurvey(
                        0, features, 0, new UserError(UserError.Kind.BAD_DATA, place + ": " + fault + "; correct it."));
            }
            greatest = classes == 0 ? 0 : Math.max(greatest, (int) row.label());
        }
        return new RddSurvey(count, features, greatest, null);
    }

    private static String fault(LabeledRow row, int features, int classes) {
        if (row.features() != features || features == 0) {
            return "found " + row.features() + " values, expected " + Math.max(1, features) + " as in the rows before";
        }
        for (int feature = 0; feature < features; feature++) {
            if (!Float.isFinite(row.value(feature))) {
                return "found the value " + row.value(feature) + " at index " + feature + ", expected finite numbers";
            }
        }
        boolean isClass = row.label() == (int) row.label() && row.label() >= 0 && row.label() < classes;
        if (classes > 0 && !isClass) {
            return "found label " + row.label() + ", expected a whole number from 0 to " + (classes - 1);
        }
        return Float.isFinite(row.label()) ? null : "found label " + row.label() + ", expected a finite number";
    }

    /** What all partitions come to. */
    static RddSurvey joined(List<RddSurvey> surveys) {
        RddSurvey all = new RddSurvey(0, -1, 0, null);
        for (RddSurvey survey : surveys) {
            if (survey.rows == 0) {
                continue;
            }
            if (all.rows > 0 && survey.features != all.features) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        "The RDD has rows of " + all.features + " and of " + survey.features
                                + " values, expected as many in each; correct it.");
            }
            all = new RddSurvey(
                    all.rows + survey.rows, survey.features, Math.max(all.greatestLabel, survey.greatestLabel), null);
        }
        if (all.rows == 0) {
            throw new UserError(UserError.Kind.BAD_DATA, "The RDD has no rows, expected some.");
        }
        return all;
    }
}
