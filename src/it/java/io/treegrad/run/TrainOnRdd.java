package io.treegrad.run;

import io.treegrad.api.Model;
import io.treegrad.spark.LabeledRow;
import io.treegrad.spark.RddRows;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * An example: trains on rows that a Spark application has computed, and publishes the model.
 *
 * <pre>
 *   spark-submit --class TrainOnRdd --jars treegrad-0.1.0-all.jar example.jar hdfs:///points hdfs:///models/points
 * </pre>
 */
final class TrainOnRdd {
    private TrainOnRdd() {}

    /** @param words files with lines such as {@code 0.5 1.25 -3 1}, the class last; and an output directory */
    public static void main(String[] words) throws IOException {
        try (JavaSparkContext context = new JavaSparkContext()) {
            JavaRDD<LabeledRow> rows =
                    context.textFile(words[0]).map(TrainOnRdd::row).cache();
            Trainer trainer = new Trainer(Map.of("hidden", "8", "epochs", "40", "output", words[1]));
            Model model = trainer.train(RddRows.ofClasses(rows));
            System.out.println(model.predict(new float[] {0.5f, 1.25f, -3}).label());
        }
    }

    private static LabeledRow row(String line) {
        String[] fields = line.split(" ");
        float[] values = new float[fields.length - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(fields[i]);
        }
        return new LabeledRow(Integer.parseInt(fields[values.length]), values);
    }
}
