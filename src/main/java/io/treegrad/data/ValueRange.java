package io.treegrad.data;

import java.io.Serializable;

/**
 * In which range the values of rows lie, and whether all are whole numbers: what tells how to scale them where nobody says
 * it. Ranges of parts of the rows join to that of all, in any order.
 */
public final class ValueRange implements Serializable {
    private static final long serialVersionUID = 1;

    private static final float GREATEST_BYTE = 255;
    /** Bytes of pictures use more than half of their range; smaller counts do not. */
    private static final float GREATEST_OF_FEW_SHADES = 127;

    private float least;
    private float greatest;
    private boolean areWhole = true;

    /** Takes the values of a row, as they were stored. */
    public void add(Rows rows, int row) {
        for (int feature = 0; feature < rows.features(); feature++) {
            float value = rows.value(row, feature);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
            areWhole &= value == (int) value;
        }
    }

    /** Takes what another one has taken. */
    public void merge(ValueRange other) {
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
        areWhole &= other.areWhole;
    }

    /**
     * {@code unit} for what looks like pixels: whole numbers from 0 to 255 of which some are above 127; {@code none} if all
     * values lie within [-1, 1]; else {@code standard}.
     */
    public ScalingMethod method() {
        if (areWhole && least >= 0 && greatest <= GREATEST_BYTE && greatest > GREATEST_OF_FEW_SHADES) {
            return ScalingMethod.UNIT;
        }
        return least >= -1 && greatest <= 1 ? ScalingMethod.NONE : ScalingMethod.STANDARD;
    }
}
