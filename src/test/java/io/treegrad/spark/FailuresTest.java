package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.treegrad.common.UserError;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void theErrorOfTheUserIsFoundBelowWhateverSparkThrows() {
        UserError error = new UserError(UserError.Kind.BAD_DATA, "a row");
        assertSame(error, Failures.unwrapped(new IOException(new IllegalStateException(error))));
        RuntimeException unchecked = new IllegalStateException("of Spark");
        assertSame(unchecked, Failures.unwrapped(unchecked));
        IOException checked = new IOException("of Spark");
        assertSame(checked, Failures.unwrapped(checked).getCause());
    }

    @Test
    void theReasonOfABarrierJobIsItsSecondLineUnlessThatIsAStackTrace() {
        assertEquals("an executor was lost", Failures.reason(new IOException("aborted\nan executor was lost\n\tat x")));
        assertEquals("aborted", Failures.reason(new IOException("aborted\n\tat x")));
        assertEquals("aborted", Failures.reason(new IOException("aborted")));
    }
}
