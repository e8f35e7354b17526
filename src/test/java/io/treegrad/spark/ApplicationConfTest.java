package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ApplicationConfTest {
    private static Predicate<String> redacted(SparkConf conf) {
        ApplicationConf.complete(conf, "a test");
        return Pattern.compile(conf.get("spark.redaction.regex")).asPredicate();
    }

    /** Event logs and pages of Spark show all other keys with their values. */
    @Test
    void theAddressOfAWebHookIsRedactedWhateverElseIs() {
        Predicate<String> bySpark = redacted(new SparkConf(false));
        assertTrue(bySpark.test("spark.treegrad.notify"));
        assertTrue(bySpark.test("spark.hadoop.fs.s3a.SECRET.key"));
        assertFalse(bySpark.test("spark.treegrad.epochs"));
        Predicate<String> byUser = redacted(new SparkConf(false).set("spark.redaction.regex", "(?i)hidden|mine"));
        assertTrue(byUser.test("spark.treegrad.notify"));
        assertTrue(byUser.test("spark.MINE"));
        assertFalse(byUser.test("spark.treegrad.epochs"));
    }
}
